/* The SQL that this build was made with: see sql/embed.awk. */
#ifndef TEAMDUES_STORE_SQL_FILES_H
#define TEAMDUES_STORE_SQL_FILES_H

struct sql_file {
	const char *path;	/* below sql/: "migrations/0001_payments.sql" */
	const char *text;
};

/* Ended by a NULL path; by name within each folder. */
extern const struct sql_file sql_files[];

#endif
