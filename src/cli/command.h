/*
 * command.h - a command of nvt, and the table of all.
 *
 * A new command is a cmd_*.c with one const struct command, and a line in
 * main.c's table.
 */
#ifndef NVT_CLI_COMMAND_H
#define NVT_CLI_COMMAND_H

#include <stddef.h>

#include "cli/options.h"
#include "cli/status.h"

struct command {
	const char *name;
	const char *summary;   /* in a few words, for the list */
	const char *usage;     /* what follows "nvt NAME " */
	const char *usage_too; /* what else does; NULL: nothing */
	const char *page;      /* its manual page */
	const struct option_spec *options;
	/* argv[0] is the command's name. */
	enum status (*exec)(const struct command *self, int argc, char **argv);
};

extern const struct command command_help;
extern const struct command command_passwd;
extern const struct command command_serve;

/* All of them, by name; NULL ends them. */
extern const struct command *const commands[];

/* The command of that name, or NULL. */
const struct command *command_find(const char *name);

/* Say that there is none, and what there is.  STATUS_USAGE. */
enum status command_unknown(const char *name);

/* Print what there is: STATUS_DONE. */
enum status command_list(void);

/* Print what a command takes and does: STATUS_DONE. */
enum status command_help_print(const struct command *command);

#endif /* NVT_CLI_COMMAND_H */
