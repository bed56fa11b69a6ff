/*
 * session_urgent.c - RFC 854's SYNCH on real TCP: where the mark is, and where
 * the DM is, and a peer that has both go astray.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "session_calls.h"
#include "session_peer.h"

#define BIG ((size_t)16 << 20)

/* The last byte is the marked one. */
static void
say_urgent(int fd, const char *data, size_t len)
{
	assert_int_equal(send(fd, data, len, MSG_OOB), (ssize_t)len);
}

/* What was said until now is in the session's socket. */
static void
arrived(struct nvt_session *s)
{
	struct pollfd p = { .fd = nvt_session_fd(s), .events = POLLPRI };

	assert_int_equal(poll(&p, 1, PEER_TIMEOUT_MS), 1);
}

enum wire { ONE_SYNCH, TWO_SYNCHS, LATE_MARK, EARLY_MARK, NO_DM, WIRES };

/* Everything is there before the session looks. */
static void
say(int fd, enum wire wire)
{
	peer_text(fd, "one");
	switch (wire) {
	case ONE_SYNCH:
		say_urgent(fd, "\xff\xf2", 2);
		peer_text(fd, "two$");
		break;
	case TWO_SYNCHS:
		say_urgent(fd, "\xff\xf2", 2);
		peer_text(fd, "two");
		say_urgent(fd, "\xff\xf2", 2);
		peer_text(fd, "three$");
		break;
	case LATE_MARK:
		say_urgent(fd,
		    "\xff\xf2"
		    "t",
		    3);
		peer_text(fd, "wo$");
		break;
	case EARLY_MARK:
		say_urgent(fd, "x", 1);
		peer_say(fd, "more\xff\xf2two$", 10);
		break;
	case NO_DM:
		say_urgent(fd, "x", 1);
		peer_text(fd, "two\xff\xf1$");
		break;
	default:
		break;
	}
}

static const char *const seen[WIRES] = { "two$", "three$", "two$", "two$", "" };

static void
test_read_until(void **state)
{
	(void)state;
	calls_begin();
	for (int wire = ONE_SYNCH; wire < NO_DM; wire++) {
		struct nvt_match match;
		int fd;
		struct nvt_session *s = peer_tcp(NULL, &fd);

		say(fd, (enum wire)wire);
		arrived(s);
		assert_int_equal(
		    nvt_session_read_until(s, "$", PEER_TIMEOUT_MS, &match), 0);
		peer_check(match.all, seen[wire]);
		close(fd);
		nvt_session_free(s);
	}
}

/* Who polls for nothing looks for the mark all the same. */
static void
test_eager(void **state)
{
	(void)state;
	calls_begin();
	for (int wire = ONE_SYNCH; wire < WIRES; wire++)
		for (int eager = 0; eager < 2; eager++) {
			struct nvt_span text;
			int fd;
			struct nvt_session *s = peer_tcp(NULL, &fd);

			say(fd, (enum wire)wire);
			arrived(s);
			peer_end(fd);
			assert_int_equal(eager != 0 ?
				nvt_session_read_eager(s, &text) :
				nvt_session_read_very_eager(s, &text),
			    wire == NO_DM ? NVT_ERR_EOF : 0);
			if (wire != NO_DM)
				peer_check(text, seen[wire]);
			close(fd);
			nvt_session_free(s);
		}
}

/* A loop of one's own, which tells of POLLPRI, once or once too often. */
static void
play_loop(enum wire wire, bool twice)
{
	int fd;
	struct nvt_session *s = peer_tcp(NULL, &fd);
	struct pollfd p = { .fd = nvt_session_fd(s) };

	say(fd, wire);
	arrived(s);
	while (nvt_session_text(s).len < strlen(seen[wire])) {
		assert_int_equal(
		    nvt_session_wants(s), NVT_WANTS_READ | NVT_WANTS_URGENT);
		p.events = POLLIN | POLLPRI;
		assert_int_equal(poll(&p, 1, PEER_TIMEOUT_MS), 1);
		if ((p.revents & POLLPRI) != 0)
			nvt_session_urgent(s);
		assert_int_equal(nvt_session_step(s, 0), 0);
		if (twice && (p.revents & POLLPRI) != 0)
			nvt_session_urgent(s);
	}
	peer_check(nvt_session_text(s), seen[wire]);
	close(fd);
	nvt_session_free(s);
}

static void
test_loop(void **state)
{
	(void)state;
	calls_begin();
	for (int wire = ONE_SYNCH; wire < NO_DM; wire++) {
		play_loop((enum wire)wire, false);
		play_loop((enum wire)wire, true);
	}
}

/* A long way to the mark is gone at once, and then all is as before. */
static void
test_long_way(void **state)
{
	static char text[100000];
	struct nvt_match match;
	int fd;
	struct nvt_session *s = peer_tcp(NULL, &fd);

	(void)state;
	calls_begin();
	memset(text, 'x', sizeof(text));
	peer_say(fd, text, sizeof(text));
	say_urgent(fd, "\xff\xf2", 2);
	arrived(s);
	peer_text(fd, "$");
	assert_int_equal(
	    nvt_session_read_until(s, "$", PEER_TIMEOUT_MS, &match), 0);
	peer_check(match.all, "$");
	peer_say(fd, "a\xff\xf2$", 4);
	assert_int_equal(
	    nvt_session_read_until(s, "$", PEER_TIMEOUT_MS, &match), 0);
	peer_check(match.all, "a$");
	close(fd);
	nvt_session_free(s);
}

/* What will not be read is not waited for: a peer must not make us spin. */
static void
test_no_spin_with_full_window(void **state)
{
	static const uint8_t data[BIG];
	struct nvt_session_config config = { .size = sizeof(config),
		.text_limit = 100 };
	char text[200];
	int fd;
	struct nvt_session *s = peer_tcp(&config, &fd);

	(void)state;
	calls_begin();
	memset(text, 'x', sizeof(text));
	peer_say(fd, text, sizeof(text));
	assert_int_equal(
	    nvt_session_read_until(s, "x", PEER_TIMEOUT_MS, NULL), 0);
	while (nvt_session_text(s).len < 100)
		assert_int_equal(nvt_session_step(s, 0), 0);
	say_urgent(fd, "!", 1);
	arrived(s);
	assert_int_equal(nvt_session_wants(s), 0);
	assert_int_equal(nvt_session_write(s, data, BIG, 100), NVT_ERR_TIMEOUT);
	assert_true(calls_made(CALL_POLL) < 1000);
	close(fd);
	nvt_session_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_until),
		cmocka_unit_test(test_eager),
		cmocka_unit_test(test_loop),
		cmocka_unit_test(test_long_way),
		cmocka_unit_test(test_no_spin_with_full_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
