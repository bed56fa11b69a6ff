/*
 * session_interact.c - a person at a terminal, and a pipe in their place.
 */
#define _GNU_SOURCE /* posix_openpt() and its kin */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "session_calls.h"
#include "session_peer.h"

struct user {
	struct nvt_session *s;
	struct nvt_interact with;
	pthread_t thread;
	int result;
};

static void *
interact(void *arg)
{
	struct user *user = arg;

	user->result = nvt_session_interact(user->s, &user->with);
	return NULL;
}

static void
begin(struct user *user)
{
	assert_int_equal(
	    pthread_create(&user->thread, NULL, interact, user), 0);
}

static int
end(struct user *user)
{
	assert_int_equal(pthread_join(user->thread, NULL), 0);
	nvt_session_free(user->s);
	return user->result;
}

/* Read from fd until text has come; what came with it is let go. */
static void
await(int fd, const char *text, size_t len)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char buf[4096];
	size_t got = 0;
	ssize_t n;

	while (memmem(buf, got, text, len) == NULL) {
		assert_int_equal(poll(&p, 1, PEER_TIMEOUT_MS), 1);
		n = read(fd, buf + got, sizeof(buf) - got);
		assert_true(n > 0);
		got += (size_t)n;
	}
}

static void
type(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static int
open_terminal(int *user_side)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	assert_true(master >= 0);
	assert_int_equal(grantpt(master), 0);
	assert_int_equal(unlockpt(master), 0);
	*user_side = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(*user_side >= 0);
	return master;
}

static void
set_window(int fd, unsigned short cols, unsigned short rows)
{
	const struct winsize size = { .ws_col = cols, .ws_row = rows };

	assert_int_equal(ioctl(fd, TIOCSWINSZ, &size), 0);
}

/* A password-like peer that echoes, a resize, and the escape byte. */
static void
test_terminal(void **state)
{
	struct user user = { .with = { .size = sizeof(user.with),
				 .escape = NVT_ESCAPE_DEFAULT } };
	struct termios before, during, after;
	int fd, terminal, master = open_terminal(&terminal);

	(void)state;
	user.s = peer_pair(NULL, &fd);
	user.with.in = user.with.out = terminal;
	set_window(master, 132, 43);
	assert_int_equal(tcgetattr(terminal, &before), 0);
	peer_say(fd, "\xff\xfd\x1f\xff\xfb\x01hello", 11);
	begin(&user);
	await(master, "hello", 5);
	await(fd, "\xff\xfa\x1f\x00\x84\x00\x2b\xff\xf0", 9);
	assert_int_equal(tcgetattr(terminal, &during), 0);
	assert_int_equal(during.c_lflag & (ECHO | ICANON | ISIG), 0);
	type(master, "ls\r\003");
	await(fd, "ls\r\0\003", 5);
	set_window(master, 80, 24);
	await(fd, "\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0", 9);
	type(master, "rest\035never");
	await(fd, "rest", 4);
	assert_int_equal(end(&user), 0);
	assert_int_equal(tcgetattr(terminal, &after), 0);
	assert_int_equal(after.c_lflag, before.c_lflag);
	assert_int_equal(after.c_iflag, before.c_iflag);
	assert_int_equal(after.c_oflag, before.c_oflag);
	close(fd);
	close(terminal);
	close(master);
}

/* Who does not echo is typed to visibly all the same. */
static void
test_terminal_echoes_for_peer(void **state)
{
	struct user user = { .with = {
				 .size = sizeof(user.with), .escape = -1 } };
	int fd, terminal, master = open_terminal(&terminal);

	(void)state;
	user.s = peer_pair(NULL, &fd);
	user.with.in = user.with.out = terminal;
	peer_text(fd, "ready");
	begin(&user);
	await(master, "ready", 5);
	type(master, "a\035\r");
	await(fd, "a\035\r\0", 4);
	await(master, "a\035\r\n", 4);
	peer_text(fd, "bye");
	close(fd);
	await(master, "bye", 3);
	assert_int_equal(end(&user), NVT_ERR_EOF);
	close(terminal);
	close(master);
}

/* A pipe: its end is the end, behind all that came. */
static void
test_pipe(void **state)
{
	struct user user = { .with = {
				 .size = sizeof(user.with), .escape = -1 } };
	int fd, in[2], out[2];

	(void)state;
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	user.s = peer_pair(NULL, &fd);
	user.with.in = in[0];
	user.with.out = out[1];
	peer_text(fd, "banner");
	begin(&user);
	await(out[0], "banner", 6);
	type(in[1], "one\ntwo\n");
	close(in[1]);
	await(fd, "one\r\ntwo\r\n", 10);
	assert_int_equal(end(&user), 0);
	close(fd);
	close(in[0]);
	close(out[0]);
	close(out[1]);
}

/* More than a chunk each way, and nobody in a hurry. */
static void
test_pipe_in_bulk(void **state)
{
	enum { BULK = 100000 };
	struct user user = { .with = {
				 .size = sizeof(user.with), .escape = -1 } };
	static char text[BULK], got[BULK];
	int fd, in[2], out[2];
	size_t i;

	(void)state;
	memset(text, 'x', sizeof(text));
	for (i = 0; i < BULK; i += 1000)
		memcpy(text + i, &i, sizeof(i));
	for (i = 0; i < BULK; i++)
		text[i] = (char)(text[i] & 0x7f) | 0x40;
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	user.s = peer_pair(NULL, &fd);
	user.with.in = in[0];
	user.with.out = out[1];
	begin(&user);
	for (i = 0; i < BULK; i += 10000) {
		peer_say(fd, text + i, 10000);
		assert_int_equal(write(in[1], text + i, 10000), 10000);
		peer_hear(fd, got + i, 10000);
	}
	assert_memory_equal(got, text, BULK);
	peer_end(fd);
	for (i = 0; i < BULK;) {
		ssize_t n = read(out[0], got + i, BULK - i);

		assert_true(n > 0);
		i += (size_t)n;
	}
	assert_memory_equal(got, text, BULK);
	assert_int_equal(end(&user), NVT_ERR_EOF);
	close(fd);
	close(in[0]);
	close(in[1]);
	close(out[0]);
	close(out[1]);
}

/* What a pipe's reads cut is put together again. */
static void
test_pipe_cuts_cr_lf(void **state)
{
	struct nvt_session_config config = { .size = sizeof(config),
		.out_limit = 16 };
	struct user user = { .with = {
				 .size = sizeof(user.with), .escape = -1 } };
	int fd, in[2], out[2];
	char rest[2];

	(void)state;
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	user.s = peer_pair(&config, &fd);
	user.with.in = in[0];
	user.with.out = out[1];
	begin(&user);
	type(in[1], "one\r");
	await(fd, "one", 3);
	type(in[1], "\ntwo\r");
	await(fd, "\r\ntwo", 5);
	close(in[1]);
	peer_hear(fd, rest, 2);
	assert_memory_equal(rest, "\r\0", 2);
	assert_int_equal(end(&user), 0);
	close(fd);
	close(in[0]);
	close(out[0]);
	close(out[1]);
}

/* Who looks at nothing any more is an error, and no signal. */
static void
test_closed_pipe(void **state)
{
	struct nvt_interact with = { .size = sizeof(with), .escape = -1 };
	int fd, in[2], out[2];
	struct nvt_session *s = peer_pair(NULL, &fd);

	(void)state;
	calls_begin();
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	with.in = in[0];
	with.out = out[1];
	close(out[0]);
	peer_text(fd, "x");
	assert_int_equal(nvt_session_interact(s, &with), NVT_ERR_IO);
	assert_string_equal(
	    nvt_session_error(s), "cannot write to the user: Broken pipe");
	nvt_session_free(s);
	close(fd);
	close(in[0]);
	close(in[1]);
	close(out[1]);
}

static void
test_errors(void **state)
{
	struct nvt_interact with = { .size = 1 };
	int fd, in[2], out[2];
	struct nvt_session *s = peer_pair(NULL, &fd);

	(void)state;
	calls_begin();
	assert_int_equal(nvt_session_interact(s, &with), NVT_ERR_ARG);
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	with = (struct nvt_interact){ sizeof(with), in[0], out[1], -1 };
	calls_fail(CALL_POLL, 0, ENOMEM);
	assert_int_equal(nvt_session_interact(s, &with), NVT_ERR_IO);
	assert_string_equal(
	    nvt_session_error(s), "cannot wait: Cannot allocate memory");
	peer_text(fd, "x");
	calls_fail(CALL_WRITE, 0, EIO);
	assert_int_equal(nvt_session_interact(s, &with), NVT_ERR_IO);
	assert_string_equal(nvt_session_error(s),
	    "cannot write to the user: Input/output error");
	/* Neither of them ended the session. */
	calls_begin();
	calls_fail(CALL_POLL, 0, EINTR);
	calls_fail(CALL_READ, 0, EINTR);
	calls_fail(CALL_WRITE, 0, EAGAIN);
	close(in[1]);
	assert_int_equal(nvt_session_interact(s, &with), 0);
	nvt_session_free(s);
	close(fd);
	close(in[0]);
	close(out[0]);
	close(out[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_terminal_echoes_for_peer),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_pipe_in_bulk),
		cmocka_unit_test(test_pipe_cuts_cr_lf),
		cmocka_unit_test(test_closed_pipe),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
