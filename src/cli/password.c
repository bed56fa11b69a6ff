/*
 * password.c - a password from a terminal or a descriptor.
 */
#include "cli/password.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "server/hash.h"

/* Signals that would end us and leave the terminal without echo. */
static const int deadly[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP };
enum { DEADLY = sizeof(deadly) / sizeof(deadly[0]) };

static volatile sig_atomic_t came;

static void
note(int number)
{
	came = number;
}

/*
 * Wait for fd with the signals of mask held and no others: those of ours can
 * come only here, so that none slips in between a look and a wait.
 */
static int
wait_for(int fd, const sigset_t *mask, struct report *why)
{
	fd_set fds;

	FD_ZERO(&fds);
	FD_SET(fd, &fds);
	if (pselect(fd + 1, &fds, NULL, NULL, NULL, mask) > 0)
		return 0;
	return report_set(why, "interrupted");
}

/*
 * Read up to the end of the line or the stream, a byte at a time: what follows
 * on the descriptor is somebody else's.
 */
static int
read_line(
    int fd, const sigset_t *mask, char *out, size_t size, struct report *why)
{
	size_t len = 0;
	ssize_t n;
	char c;

	for (;;) {
		if (mask != NULL && wait_for(fd, mask, why) != 0)
			return -1;
		n = read(fd, &c, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return report_errno(why, "cannot read the password");
		if (n == 0 || c == '\n')
			break;
		if (len + 1 >= size)
			return report_set(why,
			    "the password is longer than %zu bytes", size - 1);
		out[len++] = c;
	}
	if (len > 0 && out[len - 1] == '\r')
		len--;
	out[len] = '\0';
	if (strlen(out) != len)
		return report_set(why, "the password has a NUL in it");
	return 0;
}

static int
check_empty(const char *password, struct report *why)
{
	if (password[0] == '\0')
		return report_set(why, "the password is empty");
	return 0;
}

int
password_from_fd(int fd, char *out, size_t size, struct report *why)
{
	if (read_line(fd, NULL, out, size, why) != 0)
		return -1;
	return check_empty(out, why);
}

/* The terminal that is asked on, and how it was before. */
struct asking {
	int tty;
	struct termios modes;
	sigset_t mask;
	struct sigaction actions[DEADLY];
};

static int
prompt(const struct asking *a, const char *text, const char *user, char *out,
    size_t size, struct report *why)
{
	int status;

	dprintf(a->tty, "%s for %s: ", text, user);
	status = read_line(a->tty, &a->mask, out, size, why);
	dprintf(a->tty, "\n");
	return status;
}

static int
ask_twice(const struct asking *a, const char *user, char *out, size_t size,
    struct report *why)
{
	char again[PASSWORD_MAX + 1];
	int status;

	if (prompt(a, "New password", user, out, size, why) != 0 ||
	    check_empty(out, why) != 0)
		return -1;
	status = prompt(a, "Again", user, again, sizeof(again), why);
	if (status == 0 && strcmp(out, again) != 0)
		status = report_set(why, "the two passwords differ");
	hash_forget(again, sizeof(again));
	return status;
}

/* Without echo, and without a key that would stop us so. */
static void
make_quiet(const struct asking *a)
{
	struct termios quiet = a->modes;

	quiet.c_lflag &= ~(tcflag_t)ECHO;
	quiet.c_cc[VSUSP] = _POSIX_VDISABLE;
	tcsetattr(a->tty, TCSAFLUSH, &quiet);
}

static void
catch_deadly(struct asking *a)
{
	struct sigaction action;
	sigset_t held;

	memset(&action, 0, sizeof(action));
	sigemptyset(&action.sa_mask);
	sigemptyset(&held);
	action.sa_handler = note;
	for (size_t i = 0; i < DEADLY; i++) {
		sigaction(deadly[i], &action, &a->actions[i]);
		sigaddset(&held, deadly[i]);
	}
	sigprocmask(SIG_BLOCK, &held, &a->mask);
}

/* As they were; what came in between comes now. */
static void
release_deadly(const struct asking *a)
{
	for (size_t i = 0; i < DEADLY; i++)
		sigaction(deadly[i], &a->actions[i], NULL);
	sigprocmask(SIG_SETMASK, &a->mask, NULL);
	if (came != 0)
		raise(came);
}

int
password_ask(const char *user, char *out, size_t size, struct report *why)
{
	struct asking a;
	int status;

	a.tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (a.tty < 0 || tcgetattr(a.tty, &a.modes) != 0) {
		if (a.tty >= 0)
			close(a.tty);
		return report_set(why,
		    "no terminal to ask for the password on; use "
		    "--password-fd or --password-file");
	}
	catch_deadly(&a);
	make_quiet(&a);
	status = ask_twice(&a, user, out, size, why);
	tcsetattr(a.tty, TCSAFLUSH, &a.modes);
	close(a.tty);
	release_deadly(&a);
	return status;
}
