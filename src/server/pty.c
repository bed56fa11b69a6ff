/*
 * pty.c - pseudo-terminals.  The master's termios calls speak of the slave.
 */
#define _GNU_SOURCE /* posix_openpt and its kin, ptsname_r */
#include "server/pty.h"

#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* The group that may write to terminals: write(1), wall(1). */
static gid_t
tty_group(gid_t otherwise)
{
	struct group entry, *found = NULL;
	char text[4096];

	getgrnam_r("tty", &entry, text, sizeof(text), &found);
	return found != NULL ? found->gr_gid : otherwise;
}

static int
give_to(int slave, uid_t uid)
{
	struct stat st;

	if (fstat(slave, &st) != 0)
		return -1;
	if (st.st_uid == uid)
		return 0;
	if (fchown(slave, uid, tty_group(st.st_gid)) != 0)
		return -1;
	return fchmod(slave, S_IRUSR | S_IWUSR | S_IWGRP);
}

static int
open_slave(int master, uid_t uid)
{
	char name[PATH_MAX];
	int slave;

	if (grantpt(master) != 0 || unlockpt(master) != 0 ||
	    ptsname_r(master, name, sizeof(name)) != 0)
		return -1;
	slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave >= 0 && give_to(slave, uid) != 0) {
		close(slave);
		return -1;
	}
	return slave;
}

int
pty_open(uid_t uid, int *master, int *slave, struct report *why)
{
	int fd, other;

	fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return report_errno(why, "cannot open a terminal");
	other = open_slave(fd, uid);
	if (other < 0) {
		report_errno(why, "cannot open a terminal's other side");
		close(fd);
		return -1;
	}
	*master = fd;
	*slave = other;
	return 0;
}

void
pty_set_window(int master, uint16_t cols, uint16_t rows)
{
	struct winsize size;

	if (ioctl(master, TIOCGWINSZ, &size) != 0)
		return;
	if (cols != 0)
		size.ws_col = cols;
	if (rows != 0)
		size.ws_row = rows;
	ioctl(master, TIOCSWINSZ, &size);
}

void
pty_set_echo(int master, bool on)
{
	struct termios modes;

	if (tcgetattr(master, &modes) != 0)
		return;
	if (on)
		modes.c_lflag |= ECHO;
	else
		modes.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(master, TCSANOW, &modes);
}

/* Where the key's byte stands in c_cc; -1: nowhere, as the line ignores it. */
static int
key_place(const struct termios *modes, enum pty_key key)
{
	switch (key) {
	case PTY_KEY_INTR:
		return VINTR;
	case PTY_KEY_QUIT:
		return VQUIT;
	case PTY_KEY_SUSP:
		return VSUSP;
	case PTY_KEY_EOF:
		return VEOF;
	case PTY_KEY_ERASE:
		return VERASE;
	case PTY_KEY_KILL:
		return VKILL;
	case PTY_KEY_BREAK:
		/* No master can send a real one; BRKINT makes it this. */
		return (modes->c_iflag & IGNBRK) != 0 ? -1 : VINTR;
	}
	return -1;
}

int
pty_key(int master, enum pty_key key)
{
	struct termios modes;
	int place;

	if (tcgetattr(master, &modes) != 0)
		return -1;
	place = key_place(&modes, key);
	if (place < 0 || modes.c_cc[place] == _POSIX_VDISABLE)
		return -1;
	return modes.c_cc[place];
}

bool
pty_interrupts(int master, enum pty_key key)
{
	struct termios modes;

	if (key != PTY_KEY_INTR && key != PTY_KEY_QUIT && key != PTY_KEY_SUSP &&
	    key != PTY_KEY_BREAK)
		return false;
	return tcgetattr(master, &modes) == 0 && (modes.c_lflag & ISIG) != 0 &&
	    (modes.c_lflag & NOFLSH) == 0;
}

void
pty_flush_output(int master)
{
	tcflush(master, TCIFLUSH);
}

void
pty_flush_input(int master)
{
	int slave;

	/* What is on its way to the other side, and what has arrived there. */
	tcflush(master, TCOFLUSH);
	slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		return;
	tcflush(slave, TCIFLUSH);
	close(slave);
}

int
pty_take(int slave, struct report *why)
{
	if (setsid() < 0 || ioctl(slave, TIOCSCTTY, 0) != 0)
		return report_errno(why, "cannot take the terminal");
	if (dup2(slave, STDIN_FILENO) < 0 || dup2(slave, STDOUT_FILENO) < 0 ||
	    dup2(slave, STDERR_FILENO) < 0)
		return report_errno(why, "cannot use the terminal");
	return 0;
}
