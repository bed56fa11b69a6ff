/*
 * session_errors.c - calls that fail: what they say, and that they leave the
 * session as it was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "alloc.h"
#include "session_calls.h"
#include "session_peer.h"

static void
check_error(struct nvt_session *s, int result, int code, const char *sentence)
{
	assert_int_equal(result, code);
	assert_int_equal(nvt_session_error_code(s), code);
	assert_string_equal(nvt_session_error(s), sentence);
}

/* Leave words behind that the next call must not be explained by. */
static void
make_stale(struct nvt_session *s)
{
	struct nvt_match match;

	assert_int_equal(nvt_session_read_until(s, "none", 0, &match),
	    nvt_session_state(s) == NVT_SESSION_OPEN ? NVT_ERR_TIMEOUT :
						       NVT_ERR_CLOSED);
	if (nvt_session_state(s) == NVT_SESSION_OPEN)
		assert_int_equal(nvt_session_error_code(s), NVT_ERR_TIMEOUT);
}

static void
test_open_session_explains(void **state)
{
	struct nvt_session_config config = { .size = sizeof(config),
		.out_limit = 16 };
	const char *const line = "much longer than sixteen bytes";
	int fd, ends[2];
	struct nvt_session *s = peer_pair(&config, &fd);

	(void)state;
	calls_begin();
	make_stale(s);
	check_error(s, nvt_session_queue(s, line, strlen(line)), NVT_ERR_FULL,
	    "output queue is full");
	make_stale(s);
	check_error(s, nvt_session_queue_line(s, line), NVT_ERR_FULL,
	    "output queue is full");
	make_stale(s);
	check_error(s, nvt_session_send_line(s, line), NVT_ERR_TOO_BIG,
	    "a line longer than out_limit allows");
	make_stale(s);
	check_error(s, nvt_session_dial(s, "::1", NULL, 0), NVT_ERR_STATE,
	    "not possible in this state");
	make_stale(s);
	check_error(s, nvt_session_dial(s, NULL, NULL, 0), NVT_ERR_ARG,
	    "invalid argument");
	make_stale(s);
	assert_int_equal(pipe(ends), 0);
	check_error(s, nvt_session_adopt(s, ends[0], 0), NVT_ERR_STATE,
	    "not possible in this state");
	close(ends[1]);
	make_stale(s);
	check_error(s, nvt_session_result(s, NULL), NVT_ERR_STATE,
	    "not possible in this state");
	nvt_session_free(s);
	close(fd);
}

static void
test_broken_session_explains(void **state)
{
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);
	struct nvt_span text;

	(void)state;
	calls_begin();
	close(fd);
	check_error(s, nvt_session_send_line(s, "x"), NVT_ERR_IO,
	    "cannot send: Broken pipe");
	assert_int_equal(nvt_session_read_some(s, 0, &text), NVT_ERR_EOF);
	check_error(s, nvt_session_read_some(s, 0, &text), NVT_ERR_EOF,
	    "connection closed by the peer");
	check_error(s, nvt_session_queue(s, "x", 1), NVT_ERR_IO,
	    "cannot send: Broken pipe");
	assert_int_equal(nvt_session_system_error(s), EPIPE);
	check_error(s, nvt_session_read_very_eager(s, &text), NVT_ERR_EOF,
	    "connection closed by the peer");
	check_error(s, nvt_session_write(s, "x", 1, 0), NVT_ERR_IO,
	    "cannot send: Broken pipe");
	nvt_session_free(s);
}

static void
test_closed_session_explains(void **state)
{
	struct nvt_session *s = peer_session(NULL);
	const struct nvt_interact none = { .size = 1 };
	struct nvt_span text;

	(void)state;
	calls_begin();
	/* Each in turn, with words between them that are not theirs. */
	for (int call = 0; call < 9; call++) {
		int r = nvt_session_interact(s, &none);

		check_error(s, r, NVT_ERR_ARG, "invalid argument");
		switch (call) {
		case 0:
			r = nvt_session_queue(s, "x", 1);
			break;
		case 1:
			r = nvt_session_queue_line(s, "x");
			break;
		case 2:
			r = nvt_session_write(s, "x", 1, -1);
			break;
		case 3:
			r = nvt_session_send_line(s, "x");
			break;
		case 4:
			r = nvt_session_send_raw(s, "x", 1);
			break;
		case 5:
			r = nvt_session_finish(s);
			break;
		case 6:
			r = nvt_session_read_all(s, -1, &text);
			break;
		case 7:
			r = nvt_session_read_lazy(s, &text);
			break;
		default:
			r = nvt_session_interact(s, NULL);
			break;
		}
		check_error(s, r, NVT_ERR_CLOSED, "session is not open");
	}
	nvt_session_free(s);
}

/* No stream, a file, a directory: the failure that was there stays. */
static void
test_failed_adopt_changes_nothing(void **state)
{
	struct nvt_session *s = peer_session(NULL);
	struct nvt_span text;
	char port[8];
	int fds[3];

	(void)state;
	calls_begin();
	check_error(s, nvt_session_adopt(s, -1, 0), NVT_ERR_ARG,
	    "cannot adopt what is no stream");
	assert_int_equal(nvt_session_state(s), NVT_SESSION_IDLE);
	peer_free_port(AF_INET, port);
	assert_int_equal(
	    nvt_session_open(s, "127.0.0.1", port, -1), NVT_ERR_CONNECT);
	fds[0] = -1;
	fds[1] = open("/", O_RDONLY);
	fds[2] = open("/proc/self/exe", O_RDONLY);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(nvt_session_adopt(s, fds[i], 0), NVT_ERR_ARG);
		assert_int_equal(fcntl(fds[i], F_GETFD), -1);
		assert_int_equal(nvt_session_state(s), NVT_SESSION_FAILED);
		assert_int_equal(nvt_session_error_code(s), NVT_ERR_CONNECT);
		assert_int_equal(
		    nvt_session_step(s, nvt_session_now()), NVT_ERR_CONNECT);
		assert_int_equal(
		    nvt_session_read_some(s, -1, &text), NVT_ERR_CONNECT);
		assert_int_equal(
		    nvt_session_read_until(s, "x", -1, NULL), NVT_ERR_CONNECT);
	}
	nvt_session_free(s);
}

/* Neither dial nor adopt may leave anything half done, for want of memory. */
static void
test_no_memory_changes_nothing(void **state)
{
	struct nvt_session *s = peer_session(NULL);
	struct nvt_span text;
	char port[8];
	int pair[2], r;

	(void)state;
	calls_begin();
	peer_free_port(AF_INET, port);
	for (size_t n = 0; n < 100; n++) {
		assert_int_equal(nvt_session_open(s, "127.0.0.1", port, -1),
		    NVT_ERR_CONNECT);
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
		alloc_begin();
		alloc_fail(n, false);
		r = nvt_session_adopt(s, pair[0], 0);
		alloc_fail_none();
		close(pair[1]);
		if (r == 0)
			break;
		assert_int_equal(r, NVT_ERR_NOMEM);
		assert_int_equal(nvt_session_state(s), NVT_SESSION_FAILED);
		assert_int_equal(
		    nvt_session_read_some(s, -1, &text), NVT_ERR_CONNECT);
	}
	assert_int_equal(r, 0);
	nvt_session_free(s);
}

static void
free_it(struct nvt_session *s, const struct nvt_trace *line, void *arg)
{
	(void)line;
	++*(int *)arg;
	nvt_session_free(s);
}

static void
test_freed_inside(void **state)
{
	struct nvt_session *s = peer_session(NULL);
	int fd, freed = 0;

	(void)state;
	calls_begin();
	assert_int_equal(nvt_session_trace(s, free_it, &freed), 0);
	assert_int_equal(
	    nvt_session_dial(s, "127.0.0.1", "99999", 0), NVT_ERR_CLOSED);
	assert_int_equal(freed, 1);
	s = peer_pair(NULL, &fd);
	assert_int_equal(nvt_session_queue(s, "x", 1), 0);
	assert_int_equal(nvt_session_trace(s, free_it, &freed), 0);
	assert_int_equal(nvt_session_finish(s), NVT_ERR_CLOSED);
	assert_int_equal(freed, 2);
	close(fd);
}

/* A caller's configuration is as long as it says, and may be an older one. */
static void
test_sizes(void **state)
{
	enum { OLDER = offsetof(struct nvt_session_config, refuse_all) };
	size_t *shortest = malloc(sizeof(*shortest));
	struct nvt_session_config *older = malloc(OLDER), longer[2];
	struct nvt_session *s;

	(void)state;
	*shortest = sizeof(*shortest);
	assert_int_equal(
	    nvt_session_new((struct nvt_session_config *)shortest, &s),
	    NVT_ERR_ARG);
	memset(older, 0, OLDER);
	*(size_t *)older = OLDER;
	assert_int_equal(nvt_session_new(older, &s), 0);
	nvt_session_free(s);
	memset(longer, 0, sizeof(longer));
	longer[0].size = sizeof(longer);
	assert_int_equal(nvt_session_new(longer, &s), 0);
	nvt_session_free(s);
	longer[1].size = 1;
	assert_int_equal(nvt_session_new(longer, &s), NVT_ERR_ARG);
	free(shortest);
	free(older);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open_session_explains),
		cmocka_unit_test(test_broken_session_explains),
		cmocka_unit_test(test_closed_session_explains),
		cmocka_unit_test(test_failed_adopt_changes_nothing),
		cmocka_unit_test(test_no_memory_changes_nothing),
		cmocka_unit_test(test_freed_inside),
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
