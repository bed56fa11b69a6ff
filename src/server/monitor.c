/*
 * monitor.c - accounts, terminals and programs, for one connection.
 */
#include "server/monitor.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "server/account.h"
#include "server/identity.h"
#include "server/log.h"
#include "server/program.h"

/* How long a program may take to end once it was hung up on. */
enum { HANGUP_MS = 2000, HANGUP_STEP_MS = 5 };

struct monitor {
	const struct server_config *config;
	const char *remote;
	bool allowed; /* logged in, or nobody has to */
	struct identity id;
	int master;
	pid_t pid; /* 0: none, or none any more */
};

struct monitor *
monitor_new(const struct server_config *config, const char *remote)
{
	struct monitor *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->config = config;
	m->remote = remote;
	m->master = -1;
	return m;
}

/*
 * The password is looked at whatever the name, so that time tells nothing.
 * *known: whether there is such an account.
 */
static bool
is_right(const struct monitor *m, const char *user, const char *password,
    bool *known)
{
	struct accounts accounts;
	struct report why;
	bool right;

	*known = false;
	if (accounts_read(m->config->accounts, &accounts, &why) != 0) {
		log_event("nobody can log in: %s", why.text);
		return false;
	}
	right = accounts_check(&accounts, user, password, known);
	accounts_free(&accounts);
	/* An account with an empty password is an oversight. */
	return right && password[0] != '\0' && account_name_ok(user);
}

bool
monitor_login(struct monitor *m, const struct monitor_login *request)
{
	const char *name = "an unknown name";
	struct log_text quoted;
	struct report why;
	bool known, right;

	if (m->allowed || m->config->accounts == NULL ||
	    memchr(request->user, 0, sizeof(request->user)) == NULL ||
	    memchr(request->password, 0, sizeof(request->password)) == NULL)
		return false;
	right = is_right(m, request->user, request->password, &known);
	/* What is nobody's name may be a password that was typed too early. */
	if (known)
		name = log_quote(&quoted, request->user, strlen(request->user));
	if (!right) {
		log_event(
		    "login of %s refused: no such name and password", name);
		return false;
	}
	if (identity_find(request->user, m->config->user, &m->id, &why) != 0) {
		log_event("login of %s refused: %s", name, why.text);
		return false;
	}
	m->allowed = true;
	log_event("login of %s as user %s", name, m->id.name);
	return true;
}

static int
start(struct monitor *m, const struct monitor_open *request, int slave,
    struct report *why)
{
	struct program program = {
		.argv = m->config->program,
		.env = m->config->env,
		.remote = m->remote,
		.id = m->id,
	};
	char term[TERM_NAME_MAX + 1];

	/* Made fit once already, by the side that is not to be trusted. */
	term_from_peer(
	    request->term, strnlen(request->term, TERM_NAME_MAX), term);
	program.term = term;
	pty_set_window(m->master, request->cols, request->rows);
	if (!request->echo)
		pty_set_echo(m->master, false);
	m->pid = program_start(&program, slave, why);
	if (m->pid > 0)
		return 0;
	m->pid = 0;
	return -1;
}

int
monitor_open(struct monitor *m, const struct monitor_open *request, int *master,
    struct report *why)
{
	int slave, status;

	if (m->master >= 0)
		return report_set(why, "it has a terminal already");
	if (!m->allowed) {
		if (m->config->accounts != NULL)
			return report_set(why, "nobody has logged in");
		if (identity_find(NULL, m->config->user, &m->id, why) != 0)
			return -1;
	}
	if (pty_open(m->id.change ? m->id.uid : geteuid(), &m->master, &slave,
		why) != 0)
		return -1;
	status = start(m, request, slave, why);
	close(slave);
	if (status == 0)
		*master = m->master;
	return status;
}

void
monitor_window(struct monitor *m, uint16_t cols, uint16_t rows)
{
	if (m->master >= 0)
		pty_set_window(m->master, cols, rows);
}

void
monitor_echo(struct monitor *m, bool on)
{
	if (m->master >= 0)
		pty_set_echo(m->master, on);
}

int
monitor_key(struct monitor *m, enum pty_key key, bool *flush)
{
	int byte;

	*flush = false;
	if (m->master < 0)
		return -1;
	byte = pty_key(m->master, key);
	if (byte < 0 || !pty_interrupts(m->master, key))
		return byte;
	/* The terminal would forget it, too, once it sees the byte; but with
	 * a full queue it does not even look. */
	pty_flush_input(m->master);
	*flush = true;
	return byte;
}

void
monitor_flush_output(struct monitor *m)
{
	if (m->master >= 0)
		pty_flush_output(m->master);
}

static void
log_end(int status)
{
	if (WIFSIGNALED(status))
		log_event("program ended by signal %d", WTERMSIG(status));
	else
		log_event("program ended with %d", WEXITSTATUS(status));
}

bool
monitor_ended(struct monitor *m)
{
	int status;

	if (m->pid == 0)
		return true;
	if (waitpid(m->pid, &status, WNOHANG) != m->pid)
		return false;
	m->pid = 0;
	log_end(status);
	return true;
}

/* The group in the foreground, if it is of the program's session. */
static pid_t
foreground(const struct monitor *m)
{
	pid_t group = m->master >= 0 ? tcgetpgrp(m->master) : -1;

	return group > 1 && getsid(group) == m->pid ? group : -1;
}

static void
pause_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static bool
ends_in_time(struct monitor *m)
{
	for (int ms = 0; ms < HANGUP_MS; ms += HANGUP_STEP_MS) {
		if (monitor_ended(m))
			return true;
		pause_ms(HANGUP_STEP_MS);
	}
	return false;
}

/*
 * The leader first, or it would see the other die and have the last word.  It
 * is not reaped yet, so its number is its own; the group in the foreground may
 * be gone by now, and its number have gone to a stranger.
 */
static void
kill_session(const struct monitor *m, pid_t group)
{
	kill(m->pid, SIGKILL);
	kill(-m->pid, SIGKILL);
	if (group > 0 && getsid(group) == m->pid)
		kill(-group, SIGKILL);
}

/* SIGHUP has gone out with the terminal; not every program heeds it. */
static void
wait_for_end(struct monitor *m, pid_t group)
{
	if (ends_in_time(m))
		return;
	kill_session(m, group);
	/* One that has become another user may not be ours to kill. */
	if (!ends_in_time(m))
		log_event("program %ld does not end", (long)m->pid);
}

void
monitor_free(struct monitor *m)
{
	pid_t group;

	if (m == NULL)
		return;
	group = foreground(m);
	/* The kernel hangs up: SIGHUP to the leader and the foreground. */
	if (m->master >= 0)
		close(m->master);
	if (m->pid != 0)
		wait_for_end(m, group);
	free(m);
}
