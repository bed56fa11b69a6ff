/*
 * session_trace.c - what a trace shows, and what it must not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "session_calls.h"
#include "session_peer.h"

struct lines {
	char text[4096];
	size_t len;
};

static void
keep(struct nvt_session *s, const struct nvt_trace *line, void *arg)
{
	struct lines *lines = arg;
	int n;

	(void)s;
	n = snprintf(lines->text + lines->len, sizeof(lines->text) - lines->len,
	    "%c %s\n", line->direction, line->text);
	assert_true(n > 0 && (size_t)n < sizeof(lines->text) - lines->len);
	lines->len += (size_t)n;
}

static void
check_lines(struct lines *lines, const char *text)
{
	assert_string_equal(lines->text, text);
	lines->len = 0;
	lines->text[0] = '\0';
}

static void
test_shows(void **state)
{
	struct lines lines = { .len = 0 };
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);

	(void)state;
	assert_int_equal(nvt_session_trace(s, keep, &lines), 0);
	peer_say(
	    fd, "hello\r\nyou\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0\xff\xf0", 21);
	assert_int_equal(nvt_session_step(s, 0), 0);
	check_lines(&lines,
	    "< \"hello\\r\\n\"\n"
	    "< \"you\"\n"
	    "< DO TTYPE\n"
	    "< SB TTYPE SEND\n"
	    "! end of a subnegotiation that never began\n"
	    "> WILL TTYPE\n"
	    "> SB TTYPE IS \"dumb\"\n");
	assert_int_equal(nvt_session_write(s, "a\rb", 3, -1), 0);
	check_lines(&lines, "> \"a\\r\\x00b\"\n");
	peer_end(fd);
	assert_int_equal(nvt_session_read_until(s, "x", -1, NULL), NVT_ERR_EOF);
	check_lines(&lines,
	    "! connection closed by the peer\n"
	    "! connection closed by the peer while waiting "
	    "for \"x\"\n");
	assert_int_equal(nvt_session_trace(s, NULL, NULL), 0);
	assert_int_equal(nvt_session_send_line(s, "untold"), 0);
	check_lines(&lines, "");
	close(fd);
	nvt_session_free(s);
}

static void
test_shows_connecting(void **state)
{
	struct lines lines = { .len = 0 };
	struct nvt_session *s = peer_session(NULL);
	char port[8], expected[160];
	int listener = peer_listen(AF_INET, port);

	(void)state;
	assert_int_equal(nvt_session_trace(s, keep, &lines), 0);
	assert_int_equal(nvt_session_open(s, "127.0.0.1", port, -1), 0);
	(void)snprintf(expected, sizeof(expected),
	    "! connected to 127.0.0.1 port %s\n", port);
	check_lines(&lines, expected);
	close(listener);
	nvt_session_close(s);
	assert_int_equal(
	    nvt_session_open(s, "127.0.0.1", port, -1), NVT_ERR_CONNECT);
	(void)snprintf(expected, sizeof(expected),
	    "! cannot connect to 127.0.0.1 port %s: Connection refused\n",
	    port);
	check_lines(&lines, expected);
	nvt_session_free(s);
}

/* Long text in lines that end; nothing is left out. */
static void
test_shows_all_of_it(void **state)
{
	struct lines lines = { .len = 0 };
	char text[1000];
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);

	(void)state;
	memset(text, 'x', sizeof(text));
	peer_say(fd, text, sizeof(text));
	assert_int_equal(nvt_session_trace(s, keep, &lines), 0);
	assert_int_equal(nvt_session_step(s, 0), 0);
	assert_int_equal(lines.len, 1000 + 5 * strlen("< \"\"\n"));
	close(fd);
	nvt_session_free(s);
}

static void
test_hides_secrets(void **state)
{
	struct lines lines = { .len = 0 };
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);

	(void)state;
	assert_int_equal(nvt_session_trace(s, keep, &lines), 0);
	/* Told so, between two lines that are none, in one write. */
	assert_int_equal(nvt_session_queue_line(s, "bob"), 0);
	assert_int_equal(nvt_session_send_secret(s, "Secret-42"), 0);
	assert_int_equal(nvt_session_send_line(s, "ls"), 0);
	check_lines(&lines,
	    "> \"bob\\r\\n\"\n"
	    "> (secret)\n"
	    "> \"ls\\r\\n\"\n");
	/* In answer to a prompt, byte by byte, until the line's end. */
	peer_text(fd, "bob's PassWord: ");
	assert_int_equal(nvt_session_step(s, 0), 0);
	lines.len = 0;
	assert_int_equal(nvt_session_write(s, "S", 1, -1), 0);
	assert_int_equal(nvt_session_write(s, "42\r", 3, -1), 0);
	assert_int_equal(nvt_session_write(s, "ls\r", 3, -1), 0);
	check_lines(&lines,
	    "> (secret)\n"
	    "> (secret)\n"
	    "> \"ls\\r\\x00\"\n");
	/* A line that only mentions one is no prompt any more. */
	peer_text(fd, "your password expires\r\n$ ");
	assert_int_equal(nvt_session_step(s, 0), 0);
	lines.len = 0;
	assert_int_equal(nvt_session_send_line(s, "ls"), 0);
	check_lines(&lines, "> \"ls\\r\\n\"\n");
	close(fd);
	nvt_session_free(s);
}

/* Sent late and in pieces, when the prompt has long scrolled away. */
static void
test_hides_secrets_in_pieces(void **state)
{
	struct lines lines = { .len = 0 };
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);

	(void)state;
	calls_begin();
	assert_int_equal(nvt_session_trace(s, keep, &lines), 0);
	peer_text(fd, "Enter PIN: ");
	assert_int_equal(nvt_session_step(s, 0), 0);
	assert_int_equal(nvt_session_queue_line(s, "4711"), 0);
	peer_text(fd, "\r\nnews\r\n");
	calls_fail(CALL_SEND, 0, EAGAIN);
	assert_int_equal(nvt_session_step(s, 0), 0);
	calls_cut(CALL_SEND, 2);
	lines.len = 0;
	assert_int_equal(nvt_session_write(s, "ls", 2, -1), 0);
	check_lines(&lines,
	    "> (secret)\n"
	    "> (secret)\n"
	    "> (secret)\n"
	    "> \"ls\"\n");
	close(fd);
	nvt_session_free(s);
}

/* The prompt may end its line, or speak of other things after the word. */
static void
test_hides_secrets_after_odd_prompts(void **state)
{
	static const char *const prompts[] = {
		"Enter password:\r\n",
		"Enter password:\r\n\r\n  ",
		"Password (at least eight characters, of which two are not "
		"letters, and none a space or a control character): ",
		"0123456789012345678901234567890123456789012345678901234567pass"
		"word for the machine that you are going to log in to, if "
		"any: ",
	};

	(void)state;
	calls_begin();
	for (size_t i = 0; i < 4; i++) {
		struct lines lines = { .len = 0 };
		int fd;
		struct nvt_session *s = peer_pair(NULL, &fd);

		assert_int_equal(nvt_session_trace(s, keep, &lines), 0);
		peer_text(fd, prompts[i]);
		assert_int_equal(nvt_session_step(s, 0), 0);
		lines.len = 0;
		assert_int_equal(nvt_session_send_line(s, "hunter2"), 0);
		assert_int_equal(nvt_session_send_line(s, "ls"), 0);
		check_lines(&lines, "> (secret)\n> \"ls\\r\\n\"\n");
		close(fd);
		nvt_session_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shows),
		cmocka_unit_test(test_shows_connecting),
		cmocka_unit_test(test_shows_all_of_it),
		cmocka_unit_test(test_hides_secrets),
		cmocka_unit_test(test_hides_secrets_in_pieces),
		cmocka_unit_test(test_hides_secrets_after_odd_prompts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
