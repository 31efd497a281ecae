/*
 * The usage is printed from the same table that parses the words, so an option
 * that exists is always listed.
 */
#include "usage.h"

#include <string.h>

enum { HELP_COLUMN = 28 };

static int
put_value(FILE *file, const struct parameter *p)
{
	const char *const *words = parameter_words(p);
	int width = 0;

	for (size_t i = 0; words != NULL && words[i] != NULL; i++)
		width += fprintf(file, "%s%s", i > 0 ? "|" : " ", words[i]);
	if (p->value == NULL)
		return width;
	return fprintf(file, p->kind == PARAMETER_FLAG_WORD ? "[=%s]" : " %s",
	    p->value);
}

static void
put_parameter(FILE *file, const struct parameter *p)
{
	fputs(p->is_required ? " " : " [", file);
	fputs(p->name, file);
	put_value(file, p);
	if (!p->is_required)
		fputc(']', file);
}

static void
put_line(FILE *file, const struct command *command)
{
	fprintf(file, "teamdues %s", command->name);
	for (const struct parameter *p = command->parameters;
	    p->name != NULL; p++)
		put_parameter(file, p);
	fputc('\n', file);
}

void
usage_command(FILE *file, const struct command *command)
{
	fputs("Usage: ", file);
	put_line(file, command);
	fprintf(file, "To %s.\n", command->summary);
	for (const struct parameter *p = command->parameters;
	    p->name != NULL; p++) {
		int width = fprintf(file, "  %s", p->name);

		width += put_value(file, p);
		/* A long parameter has its help on the next line. */
		if (width > HELP_COLUMN)
			width = fprintf(file, "\n") - 1;
		fprintf(file, "%*s  %s\n", HELP_COLUMN - width, "", p->help);
	}
}

/*
 * "order" is about "order show" and not about "orders": the words must end
 * together.
 */
bool
usage_is_about(const struct command *command, const char *word)
{
	size_t len = strlen(word);

	return strncmp(command->name, word, len) == 0 &&
	    (command->name[len] == ' ' || command->name[len] == '\0');
}

void
usage_commands(FILE *file, const struct command *const *files,
    const char *word)
{
	fprintf(file, "Usage: teamdues [--help|--version]\n"
	    "       teamdues [--club CLUB] COMMAND ...\n");
	for (; *files != NULL; files++)
		for (const struct command *c = *files; c->name != NULL; c++) {
			if (word[0] != '\0' && !usage_is_about(c, word))
				continue;
			fputs("       ", file);
			put_line(file, c);
			fprintf(file, "           %s\n", c->summary);
		}
}
