/*
 * main.c - nvt: the table of commands, and which one is meant.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <nvt/error.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/nearest.h"

const struct command *const commands[] = {
	&command_help,
	&command_passwd,
	&command_serve,
	NULL,
};

const struct command *
command_find(const char *name)
{
	for (size_t i = 0; commands[i] != NULL; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static const char *
nearest_command(const char *name)
{
	size_t distance, least = NEAREST_FAR;
	const char *best = NULL;

	for (size_t i = 0; commands[i] != NULL; i++) {
		distance = nearest_distance(name, commands[i]->name);
		if (distance < least) {
			least = distance;
			best = commands[i]->name;
		}
	}
	return best;
}

enum status
command_unknown(const char *name)
{
	const char *meant = nearest_command(name);

	if (meant != NULL)
		complain(name, "no such command; %s?", meant);
	else
		complain(name,
		    "no such command, and connecting to a host is "
		    "not there yet");
	fputs("There are:", stderr);
	for (size_t i = 0; commands[i] != NULL; i++)
		fprintf(stderr, " %s", commands[i]->name);
	fputs(".  nvt help COMMAND tells about one.\n", stderr);
	return STATUS_USAGE;
}

static enum status
print_version(void)
{
	printf("nvt %s\n", nvt_version());
	return STATUS_DONE;
}

static bool
is(const char *word, const char *name, const char *letter)
{
	return strcmp(word, name) == 0 || strcmp(word, letter) == 0;
}

static enum status
run(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2 || is(argv[1], "--help", "-h"))
		return command_list();
	if (is(argv[1], "--version", "-V"))
		return print_version();
	if (argv[1][0] == '-') {
		complain(argv[1],
		    "no such option; nvt help tells what there "
		    "is");
		return STATUS_USAGE;
	}
	command = command_find(argv[1]);
	if (command == NULL)
		return command_unknown(argv[1]);
	return command->exec(command, argc - 1, argv + 1);
}

/*
 * Where a standard descriptor is closed, what is opened next would take its
 * place, and a log be written to a peer or typed into a shell.  Opened the
 * wrong way round, so that using it fails as it would have.
 */
static void
fill_standard(void)
{
	static const int modes[] = { O_WRONLY, O_RDONLY, O_RDONLY };

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", modes[fd]);
}

int
main(int argc, char **argv)
{
	enum status status;

	fill_standard();
	status = run(argc, argv);

	/* A full disk must not pass for success. */
	if (fflush(stdout) != 0 && status == STATUS_DONE) {
		complain("standard output", "cannot write");
		status = STATUS_FAILED;
	}
	return (int)status;
}
