/*
 * session_callbacks.c - callbacks that decide, that are told, and that do
 * whatever they may in every event there is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/socket.h>
#include <unistd.h>

#include "session_peer.h"

/* Every event that there is, with text between them. */
static const char all_events[] =
    "text\xff\xf9\xff\xfb\x01 \xff\xfd\x18\xff\xfa\x18"
    "\x01\xff\xf0\xff\xfd\x63\xff\xfc\x06\xff\xf0 "
    "\xff\xfe\x18\xff\xfb\x05more";

enum { WIRE = sizeof(all_events) - 1 };

struct asked {
	int count;
	enum nvt_side side;
	uint8_t option;
	bool answer;
};

static bool
decide(struct nvt_session *s, enum nvt_side side, uint8_t option, void *arg)
{
	struct asked *asked = arg;

	asked->count++;
	asked->side = side;
	asked->option = option;
	/* Neither of these may take the decision away. */
	assert_int_equal(nvt_session_queue(s, "", 0), 0);
	(void)nvt_session_wants(s);
	assert_int_equal(nvt_session_step(s, 0), NVT_ERR_STATE);
	assert_int_equal(nvt_session_send_line(s, ""), NVT_ERR_STATE);
	assert_int_equal(nvt_session_read_until(s, "", 0, NULL), NVT_ERR_STATE);
	return asked->answer;
}

static bool
agree(struct nvt_session *s, enum nvt_side side, uint8_t option, void *arg)
{
	struct asked *asked = arg;

	(void)s;
	(void)side;
	(void)option;
	asked->count++;
	return true;
}

static void
check_answer(int fd, const char *wire, size_t len)
{
	uint8_t heard[64];

	assert_int_equal(peer_heard(fd, heard, sizeof(heard)), len);
	assert_memory_equal(heard, wire, len);
}

static void
test_decides(void **state)
{
	struct asked asked = { .answer = true };
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);
	struct nvt_telnet *t = nvt_session_telnet(s);

	(void)state;
	nvt_session_on_option(s, decide, &asked);
	/* Refused by the policies, and still asked about. */
	peer_say(fd, "\xff\xfd\x63", 3);
	assert_int_equal(nvt_session_step(s, 0), 0);
	assert_int_equal(asked.count, 1);
	assert_int_equal(asked.side, NVT_LOCAL);
	assert_int_equal(asked.option, 0x63);
	check_answer(fd, "\xff\xfb\x63", 3);
	assert_true(nvt_telnet_is_on(t, NVT_LOCAL, 0x63));
	asked.answer = false;
	peer_say(fd, "\xff\xfb\x01", 3);
	assert_int_equal(nvt_session_step(s, 0), 0);
	assert_int_equal(asked.side, NVT_REMOTE);
	check_answer(fd, "\xff\xfe\x01", 3);
	/* And back to the policies. */
	nvt_session_on_option(s, NULL, NULL);
	peer_say(fd, "\xff\xfb\x01\xff\xfd\x64", 6);
	assert_int_equal(nvt_session_step(s, 0), 0);
	assert_int_equal(asked.count, 2);
	check_answer(fd, "\xff\xfd\x01\xff\xfc\x64", 6);
	close(fd);
	nvt_session_free(s);
}

static bool
decide_and_free(
    struct nvt_session *s, enum nvt_side side, uint8_t option, void *arg)
{
	(void)side;
	(void)option;
	(void)arg;
	nvt_session_free(s);
	return true;
}

static void
test_decides_and_frees(void **state)
{
	struct nvt_span text;
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);

	(void)state;
	nvt_session_on_option(s, decide_and_free, NULL);
	peer_say(fd, "a\xff\xfd\x63z", 5);
	assert_int_equal(nvt_session_read_all(s, -1, &text), NVT_ERR_CLOSED);
	close(fd);
}

/* In a trace, what may be called may be called, and takes nothing away. */
static void
look_and_finish(struct nvt_session *s, const struct nvt_trace *line, void *arg)
{
	(void)nvt_session_wants(s);
	(void)nvt_session_queue(s, "", 0);
	if (line->direction == '<' && *(bool *)arg)
		(void)nvt_session_finish(s);
}

static void
test_trace_leaves_decision(void **state)
{
	(void)state;
	for (int finish = 0; finish < 2; finish++) {
		struct asked asked = { .answer = true };
		bool arg = finish != 0;
		int fd;
		struct nvt_session *s = peer_pair(NULL, &fd);

		nvt_session_on_option(s, finish ? agree : decide, &asked);
		assert_int_equal(
		    nvt_session_trace(s, look_and_finish, &arg), 0);
		peer_say(fd, "\xff\xfd\x63", 3);
		assert_int_equal(nvt_session_step(s, 0), 0);
		assert_int_equal(asked.count, 1);
		check_answer(fd, "\xff\xfb\x63", 3);
		close(fd);
		nvt_session_free(s);
	}
}

/* What is queued while a request is open finds room, or is told of none. */
static bool
queue_much(struct nvt_session *s, enum nvt_side side, uint8_t option, void *arg)
{
	static const char text[40];
	int *result = arg;

	(void)side;
	if (option == 0x64)
		*result = nvt_session_queue(s, text, sizeof(text));
	return false;
}

static void
test_queue_in_decision(void **state)
{
	struct nvt_session_config config = { .size = sizeof(config),
		.out_limit = 64 };
	uint8_t heard[256];
	size_t len, requests;
	int fd, result;

	(void)state;
	for (requests = 0; requests < 24; requests++) {
		struct nvt_session *s = peer_pair(&config, &fd);

		result = 1;
		nvt_session_on_option(s, queue_much, &result);
		for (size_t i = 0; i < requests; i++)
			peer_say(fd, "\xff\xfd\x63", 3);
		peer_say(fd, "\xff\xfd\x64", 3);
		assert_int_equal(nvt_session_step(s, 0), 0);
		assert_int_equal(nvt_session_step(s, 0), 0);
		len = peer_heard(fd, heard, sizeof(heard));
		assert_true(result == 0 || result == NVT_ERR_FULL);
		assert_int_equal(
		    len, 3 * (requests + 1) + (result == 0 ? 40 : 0));
		close(fd);
		nvt_session_free(s);
	}
}

/* Our own words show nothing of the peer. */
static void
test_own_text_is_no_telnet(void **state)
{
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);

	(void)state;
	nvt_telnet_set_policy(
	    nvt_session_telnet(s), NVT_REMOTE, NVT_OPT_SGA, NVT_ASK);
	peer_text(fd, "HTTP hello\r\n");
	assert_int_equal(nvt_session_queue(s, "GET", 3), 0);
	assert_int_equal(nvt_session_step(s, 0), 0);
	assert_int_equal(nvt_session_step(s, 0), 0);
	check_answer(fd, "GET", 3);
	/* A refusal that joins them does. */
	assert_int_equal(nvt_session_queue(s, "GET", 3), 0);
	peer_say(fd, "\xff\xfd\x63", 3);
	assert_int_equal(nvt_session_step(s, 0), 0);
	check_answer(fd, "GET\xff\xfc\x63\xff\xfd\x03", 9);
	close(fd);
	nvt_session_free(s);
}

/* Without on_option a request of NVT_DECIDE is on_event's. */
static void
agree_in_event(struct nvt_session *s, const struct nvt_event *ev, void *arg)
{
	(void)arg;
	if (ev->type == NVT_EV_REQUEST)
		assert_int_equal(
		    nvt_telnet_answer(nvt_session_telnet(s), true), 0);
}

static void
test_decides_in_event(void **state)
{
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);

	(void)state;
	nvt_session_on_event(s, agree_in_event, NULL);
	nvt_telnet_set_policy(
	    nvt_session_telnet(s), NVT_LOCAL, 0x63, NVT_DECIDE);
	peer_say(fd, "\xff\xfd\x63", 3);
	assert_int_equal(nvt_session_step(s, 0), 0);
	check_answer(fd, "\xff\xfb\x63", 3);
	close(fd);
	nvt_session_free(s);
}

static void
test_client_starts_when_spoken_to(void **state)
{
	static const struct {
		enum nvt_start start;
		bool at_once;
		bool later;
	} rows[] = {
		{ NVT_START_AUTO, false, true },
		{ NVT_START_NOW, true, false },
		{ NVT_START_NEVER, false, false },
	};
	struct asked asked = { .answer = true };
	uint8_t heard[16];
	int fd, pair[2];

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct nvt_session_config config = { .size = sizeof(config),
			.start = rows[i / 2].start };
		struct nvt_session *s = peer_session(&config);

		nvt_telnet_set_policy(
		    nvt_session_telnet(s), NVT_REMOTE, NVT_OPT_STATUS, NVT_ASK);
		/* Who decides by callback asks all the same. */
		if (i % 2 == 1)
			nvt_session_on_option(s, decide, &asked);
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
		assert_int_equal(nvt_session_adopt(s, pair[0], 0), 0);
		fd = pair[1];
		peer_text(fd, "plain");
		assert_int_equal(nvt_session_step(s, 0), 0);
		assert_int_equal(peer_heard(fd, heard, sizeof(heard)),
		    rows[i / 2].at_once ? 3 : 0);
		peer_say(fd, "\xff\xf9", 2);
		assert_int_equal(nvt_session_step(s, 0), 0);
		assert_int_equal(peer_heard(fd, heard, sizeof(heard)),
		    rows[i / 2].later ? 3 : 0);
		close(fd);
		nvt_session_free(s);
	}
}

static void
test_server_starts_at_once(void **state)
{
	struct nvt_session_config config = { .size = sizeof(config),
		.role = NVT_SERVER };
	uint8_t heard[32];
	int fd;
	struct nvt_session *s = peer_pair(&config, &fd);

	(void)state;
	assert_int_equal(nvt_session_step(s, 0), 0);
	assert_true(peer_heard(fd, heard, sizeof(heard)) >= 12);
	nvt_session_free(s);
	close(fd);
	config.refuse_all = true;
	s = peer_pair(&config, &fd);
	assert_int_equal(nvt_session_step(s, 0), 0);
	assert_int_equal(peer_heard(fd, heard, sizeof(heard)), 0);
	nvt_session_free(s);
	close(fd);
}

/* What a client says of itself, unless it is told to say nothing. */
static void
test_client_answers(void **state)
{
	static const char ask[] = "\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0"
				  "\xff\xfd\x1f";
	static const char answer[] = "\xff\xfb\x18\xff\xfa\x18\x00"
				     "dumb\xff\xf0\xff\xfb\x1f"
				     "\xff\xfa\x1f\x01\xf4\x00\x32\xff\xf0";
	static const char own[] = "\xff\xfb\x18\xff\xfa\x18\x00"
				  "vt100\xff\xf0\xff\xfb\x1f"
				  "\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0";
	struct nvt_session_config config = { .size = sizeof(config) };
	int fd;
	struct nvt_session *s = peer_pair(&config, &fd);

	(void)state;
	peer_say(fd, ask, sizeof(ask) - 1);
	assert_int_equal(nvt_session_step(s, 0), 0);
	check_answer(fd, answer, sizeof(answer) - 1);
	nvt_session_free(s);
	close(fd);
	config.ttype = "vt100";
	config.window = (struct nvt_naws){ 80, 24 };
	s = peer_pair(&config, &fd);
	peer_say(fd, ask, sizeof(ask) - 1);
	assert_int_equal(nvt_session_step(s, 0), 0);
	check_answer(fd, own, sizeof(own) - 1);
	nvt_session_free(s);
	close(fd);
	config.ttype = "";
	s = peer_pair(&config, &fd);
	peer_say(fd, ask, 3);
	assert_int_equal(nvt_session_step(s, 0), 0);
	check_answer(fd, "\xff\xfc\x18", 3);
	nvt_session_free(s);
	close(fd);
}

enum deed {
	NOTHING,
	SEND,
	COMMAND,
	REQUEST,
	CLOSE,
	CLOSE_AND_ADOPT,
	FINISH,
	FREE,
	WAIT,
	CONSUME,
	RESULT,
	SWITCH_OFF,
	TRIM,
	BLOCK,
	DEEDS
};

struct doer {
	enum deed deed;
	int at;    /* the event at which it is done */
	int event; /* the one under way */
	int seen[NVT_EV_FULL + 1];
};

static void
adopt_anew(struct nvt_session *s)
{
	int pair[2];

	nvt_session_close(s);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(nvt_session_adopt(s, pair[0], 0), 0);
	close(pair[1]);
}

static void
perform(struct nvt_session *s, struct doer *doer)
{
	struct nvt_span text;

	switch (doer->deed) {
	case SEND:
		(void)nvt_session_queue_line(s, "line");
		break;
	case COMMAND:
		(void)nvt_telnet_send_command(
		    nvt_session_telnet(s), NVT_CMD_NOP);
		break;
	case REQUEST:
		(void)nvt_telnet_request(
		    nvt_session_telnet(s), NVT_REMOTE, 0x63, true);
		break;
	case CLOSE:
		nvt_session_close(s);
		break;
	case CLOSE_AND_ADOPT:
		adopt_anew(s);
		break;
	case FINISH:
		(void)nvt_session_finish(s);
		break;
	case FREE:
		nvt_session_free(s);
		break;
	case WAIT:
		(void)nvt_session_begin_until(s, "more", 4, 0, 0);
		break;
	case CONSUME:
		nvt_session_consume(s, 1);
		break;
	case RESULT:
		(void)nvt_session_result(s, NULL);
		break;
	case SWITCH_OFF:
		nvt_session_on_event(s, NULL, NULL);
		nvt_session_on_option(s, NULL, NULL);
		(void)nvt_session_trace(s, NULL, NULL);
		break;
	case TRIM:
		nvt_session_trim(s);
		break;
	case BLOCK:
		assert_int_equal(nvt_session_step(s, 0), NVT_ERR_STATE);
		assert_int_equal(
		    nvt_session_read_all(s, 0, &text), NVT_ERR_STATE);
		assert_int_equal(nvt_session_interact(s, NULL), NVT_ERR_STATE);
		assert_int_equal(
		    nvt_session_open(s, "::1", NULL, 0), NVT_ERR_STATE);
		break;
	default:
		break;
	}
}

static void
may_perform(struct nvt_session *s, struct doer *doer)
{
	if (doer->event++ == doer->at)
		perform(s, doer);
}

static void
on_event(struct nvt_session *s, const struct nvt_event *ev, void *arg)
{
	struct doer *doer = arg;

	doer->seen[ev->type]++;
	may_perform(s, doer);
}

static bool
on_option(struct nvt_session *s, enum nvt_side side, uint8_t option, void *arg)
{
	(void)side;
	may_perform(s, arg);
	return option != 0x63;
}

static void
on_trace(struct nvt_session *s, const struct nvt_trace *line, void *arg)
{
	assert_non_null(line->text);
	may_perform(s, arg);
}

/* Returns how many callbacks there were. */
static int
play(struct doer *doer, bool traced)
{
	struct nvt_span text;
	int fd, r;
	struct nvt_session *s = peer_pair(NULL, &fd);

	doer->event = 0;
	if (traced)
		assert_int_equal(nvt_session_trace(s, on_trace, doer), 0);
	nvt_session_on_event(s, on_event, doer);
	nvt_session_on_option(s, on_option, doer);
	assert_int_equal(nvt_telnet_send_timing_mark(nvt_session_telnet(s)), 0);
	peer_say(fd, all_events, WIRE);
	peer_end(fd);
	if (doer->deed == WAIT)
		r = nvt_session_read_until(s, "never", -1, NULL);
	else
		r = nvt_session_read_all(s, -1, &text);
	if (doer->deed == NOTHING)
		assert_int_equal(r, 0);
	if (doer->deed != FREE || doer->at < 0 || doer->event <= doer->at)
		nvt_session_free(s);
	close(fd);
	return doer->event;
}

static void
test_deeds_at_every_event(void **state)
{
	struct doer doer = { .deed = NOTHING, .at = -1 };
	int events;

	(void)state;
	(void)play(&doer, false);
	for (int type = NVT_EV_COMMAND; type < NVT_EV_FULL; type++)
		if (doer.seen[type] == 0)
			fail_msg("no event of type %d", type);
	for (int traced = 0; traced < 2; traced++)
		for (int deed = SEND; deed < DEEDS; deed++) {
			doer.deed = (enum deed)deed;
			doer.at = -1;
			events = play(&doer, traced);
			assert_true(events > 10);
			for (doer.at = 0; doer.at < events; doer.at++)
				(void)play(&doer, traced);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decides),
		cmocka_unit_test(test_decides_and_frees),
		cmocka_unit_test(test_trace_leaves_decision),
		cmocka_unit_test(test_queue_in_decision),
		cmocka_unit_test(test_own_text_is_no_telnet),
		cmocka_unit_test(test_decides_in_event),
		cmocka_unit_test(test_client_starts_when_spoken_to),
		cmocka_unit_test(test_server_starts_at_once),
		cmocka_unit_test(test_client_answers),
		cmocka_unit_test(test_deeds_at_every_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
