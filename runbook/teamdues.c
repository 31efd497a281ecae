/*
 * teamdues: the operator's command.  Exit status: 0 done or nothing to do, 1
 * failed, 2 usage, 3 a dry run that found work.  Data goes to standard output,
 * messages go to standard error.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/journal.h"
#include "base/log.h"
#include "base/text.h"
#include "base/version.h"
#include "command/commands.h"
#include "command/kit/usage.h"

enum { PROBLEMS_MAX = 16 * 1024 };

#define OF_FILE(file) commands_##file,

static const struct command *const files[] = { COMMAND_FILES(OF_FILE) NULL };

/*
 * How many leading words spell name, with its last word left out where
 * that is allowed and nothing but options follows; 0: they do not.
 */
static int
match_words(const struct command *command, const char *const *words)
{
	const char *name = command->name;
	int count = 0;

	for (;;) {
		size_t len = strcspn(name, " ");

		if (*words == NULL || strlen(*words) != len ||
		    strncmp(*words, name, len) != 0)
			break;
		words++;
		count++;
		if (name[len] == '\0')
			return count;
		name += len + 1;
	}
	if (command->is_default && strchr(name, ' ') == NULL &&
	    (*words == NULL || (*words)[0] == '-'))
		return count;
	return 0;
}

/*
 * The command whose name the words begin with; the longest name, if several
 * match.
 */
static const struct command *
find_command(const char *const *words, int *count)
{
	const struct command *found = NULL;

	*count = 0;
	for (size_t i = 0; files[i] != NULL; i++)
		for (const struct command *c = files[i]; c->name != NULL; c++) {
			int n = match_words(c, words);

			if (n > *count) {
				found = c;
				*count = n;
			}
		}
	return found;
}

static bool
has_word(const char *const *words, const char *word)
{
	for (; *words != NULL && strcmp(*words, "--") != 0; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

/* The settings are the machine's, or those of --club's folder alone. */
static enum status
load_settings(struct invocation *invocation, const struct command *command,
    struct err *err)
{
	char folder[CLUB_FOLDER_SIZE];
	enum status st;

	if (invocation->club == NULL)
		return config_load(&invocation->app.config, command->needs,
		    CONFIG_FILE, &invocation->problems, err);
	st = club_folder(invocation->club, folder, err);
	if (st != ST_OK)
		return st;
	return config_load_folder(&invocation->app.config, command->needs,
	    folder, &invocation->problems, err);
}

/*
 * Loads the settings that the command needs and opens the store.  A lenient
 * command (doctor) runs in spite of ST_CONFIG, since it is what reports it.
 */
static enum status
prepare(struct invocation *invocation, const struct command *command,
    struct err *err)
{
	const struct config *config = &invocation->app.config;
	enum status st;

	st = load_settings(invocation, command, err);
	if (st == ST_CONFIG && command->is_lenient)
		st = ST_OK;
	/* Its secrets are root's to read, its database is the user's. */
	if (st == ST_OK && invocation->club != NULL)
		st = club_become(invocation->club, command->user, err);
	if (st != ST_OK)
		return st;
	if (config_text(config, SETTING_LOG_LEVEL) != NULL)
		log_set_level(log_level_parse(config_text(config,
		    SETTING_LOG_LEVEL)));
	if ((command->needs & NEEDS(SETTING_DATABASE_URL)) != 0 &&
	    config_secret(config, SETTING_DATABASE_URL)->bytes != NULL)
		st = store_open(config_secret(config, SETTING_DATABASE_URL),
		    "teamdues", 1, &invocation->app.store, err);
	if (invocation->app.store != NULL)
		/*
		 * A visitor's request must end within seconds; an audit of
		 * years of payments must not be cut off.
		 */
		store_lift_time_limit(invocation->app.store);
	return st;
}

static void
complain(const struct invocation *invocation, struct err *err)
{
	const char *problems = buf_str(&invocation->problems);

	if (err->st == ST_CONFIG && problems != NULL && problems[0] != '\0')
		fputs(problems, stderr);
	else {
		/*
		 * Stripe's message may repeat a text that a stranger chose; it
		 * must not control the terminal.
		 */
		text_disarm(err->msg, strlen(err->msg));
		fprintf(stderr, "teamdues: %s\n", err->msg);
	}
}

static enum exit_code
run(const struct command *command, const char *club,
    const char *const *words)
{
	struct invocation invocation = { .club = club,
	    .problems = BUF_INIT(PROBLEMS_MAX) };
	struct err err = { ST_OK, "" };
	enum status st;

	st = arguments_parse(&invocation.arguments, command->parameters,
	    words, &err);
	if (st != ST_OK)
		invocation.exit = EXIT_USAGE;
	/* Checked here for all commands, as no table of options can say it. */
	else if (arguments_flag(&invocation.arguments, "--json") &&
	    arguments_flag(&invocation.arguments, "--csv"))
		st = invocation_usage(&invocation, &err,
		    "give either --json or --csv");
	if (st == ST_OK)
		st = prepare(&invocation, command, &err);
	if (st == ST_OK)
		st = command->run(&invocation, &err);
	if (st != ST_OK) {
		complain(&invocation, &err);
		/*
		 * Whatever else a command has set, its failure exits with
		 * EXIT_FAILED.
		 */
		if (invocation.exit == EXIT_USAGE)
			usage_command(stderr, command);
		else
			invocation.exit = EXIT_FAILED;
	}
	app_close(&invocation.app);
	buf_clear(&invocation.problems);
	return invocation.exit;
}

/* Whether word is the first word of at least one command. */
static bool
is_known(const char *word)
{
	for (size_t i = 0; files[i] != NULL; i++)
		for (const struct command *c = files[i]; c->name != NULL; c++)
			if (usage_is_about(c, word))
				return true;
	return false;
}

/*
 * The words name no command.  The usage that follows is cut to the commands
 * that begin like them, if any do.
 */
static enum exit_code
refuse(const char *const *words)
{
	const char *first = words[0];

	if (first == NULL)
		first = "";
	else if (!is_known(first))
		fprintf(stderr, "teamdues: unknown command %s\n", first);
	else if (words[1] == NULL)
		fprintf(stderr, "teamdues: %s: which one?\n", first);
	else
		fprintf(stderr, "teamdues: unknown command %s %s\n", first,
		    words[1]);
	usage_commands(stderr, files, is_known(first) ? first : "");
	return EXIT_USAGE;
}

static enum exit_code
help(const char *const *words)
{
	int count;
	const struct command *command = find_command(words, &count);

	if (words[0][0] == '-')
		usage_commands(stdout, files, "");
	else if (command != NULL && (!command->is_default || count > 1))
		usage_command(stdout, command);
	else if (is_known(words[0]))
		usage_commands(stdout, files, words[0]);
	else
		return refuse(words);
	return EXIT_DONE;
}

static enum exit_code
dispatch(const char *const *words)
{
	const char *club = NULL;
	const struct command *command;
	int count;

	if (words[0] != NULL && strcmp(words[0], "--club") == 0 &&
	    words[1] != NULL) {
		club = words[1];
		words += 2;
	}
	command = find_command(words, &count);
	if (has_word(words, "--help"))
		return help(words);
	if (words[0] != NULL && strcmp(words[0], "--version") == 0) {
		printf("teamdues %s\n", TEAMDUES_VERSION);
		return EXIT_DONE;
	}
	if (command == NULL)
		return refuse(words);
	return run(command, club, words + count);
}

/*
 * A program that is started with a closed stream would get that number for its
 * next socket, and a message to standard error would then go into the
 * database's connection.  /dev/null takes the number; standard output gets it
 * read-only, so that writing fails and main reports it.
 */
static void
keep_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			(void)open("/dev/null",
			    fd == STDERR_FILENO ? O_WRONLY : O_RDONLY);
}

int
main(int argc, char **argv)
{
	enum exit_code code;

	keep_streams();
	journal_open("teamdues");
	/*
	 * The reader of a pipe may close it.  The failed write is reported
	 * below; a signal would end the command in the middle of an act.
	 */
	signal(SIGPIPE, SIG_IGN);
	code = dispatch((const char *const *)argv + (argc > 0));
	/*
	 * A list on a full disk must not look complete to the script that asked
	 * for it.
	 */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "teamdues: standard output: %s\n",
		    strerror(errno));
		code = EXIT_FAILED;
	}
	return (int)code;
}
