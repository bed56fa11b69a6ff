/*
 * main.c - plays vector files: `vectors FILE...`.  Exits 0 if all hold, 1 if
 * not, 2 if a file is malformed.
 *
 * With -s DIR it makes seeds for the fuzzers of them.  To test the runner
 * itself: with -n every vector has to fail, with -m every commented line has
 * to be malformed.
 */
#include "vector.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int
play_all(const struct vectors *vs, bool must_fail)
{
	size_t i, wrong = 0;

	for (i = 0; i < vs->n; i++)
		if ((play(&vs->v[i]) != 0) != must_fail) {
			printf("%s:%d: %s\n", vs->v[i].file, vs->v[i].line,
			    vs->v[i].title);
			wrong++;
		}
	printf("%s: %zu vectors, %zu %s\n", vs->v[0].file, vs->n, wrong,
	    must_fail ? "held" : "failed");
	return wrong > 0;
}

/* Whether a file of a title and that line is refused: another process dies. */
static bool
is_refused(const char *line)
{
	char path[] = "/tmp/vectors-XXXXXX";
	struct vectors vs = { 0 };
	int fd = mkstemp(path), status = 0;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	pid_t pid;

	if (f == NULL)
		return false;
	fprintf(f, "= title\n%s\n", line);
	fclose(f);
	pid = fork();
	if (pid == 0) {
		parse_file(path, &vs);
		vectors_free(&vs);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	unlink(path);
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 2;
}

static int
check_malformed(const char *path)
{
	char line[256];
	FILE *f = fopen(path, "r");
	int wrong = 0;
	long at = 0;

	if (f == NULL)
		return 2;
	/* A child that exits moves the offset that it shares with us. */
	while (fseek(f, at, SEEK_SET) == 0 &&
	    fgets(line, sizeof(line), f) != NULL) {
		at = ftell(f);
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '#' || line[1] == ' ' || is_refused(line + 1))
			continue;
		printf("%s: taken: %s\n", path, line + 1);
		wrong = 1;
	}
	fclose(f);
	return wrong;
}

static int
take_file(const char *path, char mode, const char *dir)
{
	struct vectors vs = { 0 };
	int status = 0;

	if (mode == 'm')
		return check_malformed(path);
	parse_file(path, &vs);
	if (mode == 's')
		write_seeds(&vs, dir);
	else
		status = play_all(&vs, mode == 'n');
	vectors_free(&vs);
	return status;
}

int
main(int argc, char **argv)
{
	const char *dir = NULL;
	int c, status = 0;
	char mode = 'p';

	while ((c = getopt(argc, argv, "mns:")) != -1) {
		if (c == '?')
			return 2;
		mode = (char)c;
		if (c == 's')
			dir = optarg;
	}
	if (optind == argc) {
		fprintf(stderr, "usage: vectors [-m | -n | -s DIR] FILE...\n");
		return 2;
	}
	for (; optind < argc; optind++)
		status |= take_file(argv[optind], mode, dir);
	return status;
}
