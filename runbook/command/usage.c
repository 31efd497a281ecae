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
		if (width > HELP_COLUMN)
			width = fprintf(file, "\n") - 1;
		fprintf(file, "%*s  %s\n", HELP_COLUMN - width, "", p->help);
	}
}

void
usage_commands(FILE *file, const struct command *const *commands,
    const char *prefix)
{
	size_t len = strlen(prefix);

	fprintf(file, "Usage: teamdues [--help|--version]\n");
	for (; *commands != NULL; commands++) {
		const char *name = (*commands)->name;

		if (strncmp(name, prefix, len) != 0 ||
		    (len > 0 && name[len] != ' ' && name[len] != '\0'))
			continue;
		fputs("       ", file);
		put_line(file, *commands);
		fprintf(file, "           %s\n", (*commands)->summary);
	}
}
