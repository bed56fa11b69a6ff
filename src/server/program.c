/*
 * program.c - the program of a session.
 */
#define _GNU_SOURCE /* closefrom, dup3, environ, pipe2 */
#include "server/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/pty.h"
#include "server/signals.h"

/* What login(1) sets, users' programs first. */
#define PATH_USER "/usr/local/bin:/usr/bin:/bin"
#define PATH_ROOT "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* Ours are eight; the rest is the administrator's. */
enum { VARIABLES_MAX = 64 };

struct variables {
	char *list[VARIABLES_MAX + 1];
	size_t count;
};

static size_t
name_length(const char *variable)
{
	return strcspn(variable, "=") + 1;
}

/* Takes text, which is NAME=VALUE on the heap; one of that name goes. */
static void
put(struct variables *v, char *text)
{
	size_t len;

	if (text == NULL)
		return;
	len = name_length(text);
	for (size_t i = 0; i < v->count; i++)
		if (strncmp(v->list[i], text, len) == 0) {
			free(v->list[i]);
			v->list[i] = text;
			return;
		}
	if (v->count == VARIABLES_MAX) {
		free(text);
		return;
	}
	v->list[v->count++] = text;
	v->list[v->count] = NULL;
}

static void
set(struct variables *v, const char *name, const char *value)
{
	size_t size = strlen(name) + strlen(value) + 2;
	char *text = malloc(size);

	if (text != NULL)
		snprintf(text, size, "%s=%s", name, value);
	put(v, text);
}

/* From nothing: what the server was started with stays with the server. */
static void
make_environment(const struct program *p, struct variables *v)
{
	const struct identity *id = &p->id;

	v->count = 0;
	v->list[0] = NULL;
	set(v, "TERM", p->term);
	set(v, "PATH", id->uid == 0 ? PATH_ROOT : PATH_USER);
	set(v, "HOME", id->home);
	set(v, "USER", id->name);
	set(v, "LOGNAME", id->name);
	set(v, "SHELL", id->shell);
	set(v, "REMOTEHOST", p->remote);
	for (size_t i = 0; p->env != NULL && p->env[i] != NULL; i++)
		put(v, strdup(p->env[i]));
}

/* A shell whose name begins with '-' is a login shell. */
static void
run_shell(const char *shell, char *const *environment)
{
	const char *base = strrchr(shell, '/');
	char name[PATH_MAX + 1];
	char *argv[] = { name, NULL };

	snprintf(name, sizeof(name), "-%s", base != NULL ? base + 1 : shell);
	execve(shell, argv, environment);
}

static void
run(const struct program *p)
{
	struct variables v;

	make_environment(p, &v);
	if (p->argv == NULL) {
		run_shell(p->id.shell, v.list);
		return;
	}
	/* PROGRAM without a '/' is looked for in the session's own PATH. */
	environ = v.list;
	execvp(p->argv[0], p->argv);
}

/* 0, or what execve() would say of it. */
static int
try_program(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return errno;
	return S_ISREG(st.st_mode) && access(path, X_OK) == 0 ? 0 : EACCES;
}

/* The same for a name to be found in one of the folders of path. */
static int
try_folders(const char *name, const char *path)
{
	char file[PATH_MAX];
	int error = ENOENT;

	for (; *path != '\0' && error != 0; path += *path == ':' ? 1 : 0) {
		size_t len = strcspn(path, ":");

		snprintf(file, sizeof(file), "%.*s/%s", (int)len, path, name);
		error = try_program(file);
		path += len;
	}
	return error;
}

static const char *
path_of(const char *const *env)
{
	const char *path = PATH_ROOT;

	for (; env != NULL && *env != NULL; env++)
		if (strncmp(*env, "PATH=", 5) == 0)
			path = *env + 5;
	return path;
}

int
program_check(const char *name, const char *const *env, struct report *why)
{
	int error = 0;

	if (strchr(name, '/') == NULL)
		error = try_folders(name, path_of(env));
	else if (name[0] == '/')
		error = try_program(name);
	if (error == 0)
		return 0;
	errno = error;
	return report_errno(why, "cannot run %s", name);
}

static void
go_home(const struct identity *id)
{
	if (chdir(id->home) == 0)
		return;
	fprintf(stderr, "nvt: %s: %s\n", id->home, strerror(errno));
	if (chdir("/") != 0)
		_exit(126);
}

/* Close all but the terminal and *fd, which gets the number behind it. */
static int
keep_only(int *fd, struct report *why)
{
	const int wanted = STDERR_FILENO + 1;

	if (*fd != wanted && dup3(*fd, wanted, O_CLOEXEC) < 0)
		return report_errno(why, "cannot keep a descriptor");
	*fd = wanted;
	closefrom(wanted + 1);
	return 0;
}

/* All up to the program.  Returns if that is not to be: -1 and why. */
static int
become(const struct program *p, int slave, int *tell, struct report *why)
{
	const char *name = p->argv != NULL ? p->argv[0] : p->id.shell;

	signals_default();
	umask(S_IWGRP | S_IWOTH);
	if (pty_take(slave, why) != 0 || keep_only(tell, why) != 0 ||
	    identity_become(&p->id, why) != 0)
		return -1;
	go_home(&p->id);
	run(p);
	return report_errno(why, "cannot run %s", name);
}

/* The whole life of the child, of which nobody hears if it succeeds. */
static void
live(const struct program *p, int slave, int tell)
{
	struct report why = { "" };

	if (become(p, slave, &tell, &why) != 0 &&
	    write(tell, &why, sizeof(why)) < 0)
		_exit(126);
	_exit(127);
}

/*
 * The child's word, or its silence once the program has taken its place and
 * closed tell: 0, or -1 and why.
 */
static int
hear(int tell, pid_t pid, struct report *why)
{
	struct report heard;
	ssize_t n;

	do
		n = read(tell, &heard, sizeof(heard));
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(heard))
		return 0;
	waitpid(pid, NULL, 0);
	*why = heard;
	return -1;
}

pid_t
program_start(const struct program *p, int slave, struct report *why)
{
	int tell[2], error;
	pid_t pid;

	if (pipe2(tell, O_CLOEXEC) != 0)
		return report_errno(why, "cannot start a process");
	pid = signals_fork();
	if (pid == 0)
		live(p, slave, tell[1]);
	error = errno;
	signals_release();
	close(tell[1]);
	errno = error;
	if (pid < 0)
		report_errno(why, "cannot start a process");
	else if (hear(tell[0], pid, why) != 0)
		pid = -1;
	close(tell[0]);
	return pid;
}
