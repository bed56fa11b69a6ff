/*
 * cmd_help.c - nvt help: what there is, and what a command takes.
 */
#include <stdio.h>

#include "cli/command.h"
#include "cli/complain.h"

static const struct option_spec options[] = {
	{ 0, 0, NULL, NULL, NULL },
};

enum status
command_list(void)
{
	puts("usage: nvt COMMAND [ARGUMENTS]\n"
	     "\n"
	     "Telnet for people who script it.\n"
	     "\n"
	     "Commands:");
	for (size_t i = 0; commands[i] != NULL; i++)
		printf("  %-8s %s\n", commands[i]->name, commands[i]->summary);
	puts("\n"
	     "Options:\n"
	     "  -h, --help     print this\n"
	     "  -V, --version  print the version\n"
	     "\n"
	     "nvt help COMMAND tells about one; so does its manual page.\n"
	     "See nvt(1).");
	return STATUS_DONE;
}

enum status
command_help_print(const struct command *command)
{
	printf("usage: nvt %s %s\n", command->name, command->usage);
	if (command->usage_too != NULL)
		printf("       nvt %s %s\n", command->name, command->usage_too);
	printf("\n%s.\n\nOptions:\n", command->summary);
	options_print(command->options);
	printf("\nSee %s.\n", command->page);
	return STATUS_DONE;
}

static enum status
exec(const struct command *self, int argc, char **argv)
{
	const struct command *about = NULL;
	const char *value;
	struct options o;
	int id;

	(void)argc;
	options_init(&o, self->options, argv);
	while ((id = options_next(&o, &value)) != OPTIONS_END) {
		if (id == OPTIONS_HELP)
			return command_help_print(self);
		if (id == OPTIONS_ERROR)
			return STATUS_USAGE;
		if (about != NULL) {
			complain(self->name, "one command at a time");
			return STATUS_USAGE;
		}
		about = command_find(value);
		if (about == NULL)
			return command_unknown(value);
	}
	return about != NULL ? command_help_print(about) : command_list();
}

const struct command command_help = {
	.name = "help",
	.summary = "Tell what there is, and about one command",
	.usage = "[COMMAND]",
	.page = "nvt(1)",
	.options = options,
	.exec = exec,
};
