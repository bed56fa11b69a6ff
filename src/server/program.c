/*
 * program.c - the program of a session.
 */
#define _GNU_SOURCE /* closefrom, environ */
#include "server/program.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

static void
go_home(const struct identity *id)
{
	if (chdir(id->home) == 0)
		return;
	fprintf(stderr, "nvt: %s: %s\n", id->home, strerror(errno));
	if (chdir("/") != 0)
		_exit(126);
}

/* The rest of the child's life. */
static void
become(const struct program *p, int slave)
{
	const char *name = p->argv != NULL ? p->argv[0] : p->id.shell;
	struct report why;

	signals_default();
	umask(S_IWGRP | S_IWOTH);
	if (pty_take(slave, &why) != 0 || identity_become(&p->id, &why) != 0) {
		dprintf(slave, "nvt: %s\n", why.text);
		_exit(126);
	}
	closefrom(STDERR_FILENO + 1);
	go_home(&p->id);
	run(p);
	dprintf(
	    STDERR_FILENO, "nvt: cannot run %s: %s\n", name, strerror(errno));
	_exit(127);
}

pid_t
program_start(const struct program *p, int slave, struct report *why)
{
	pid_t pid = signals_fork();

	if (pid == 0)
		become(p, slave);
	signals_release();
	if (pid < 0)
		return report_errno(why, "cannot start a process");
	return pid;
}
