/*
 * telnet_pull.c - whatever a program does between two events is in order: it
 * sends, asks, resets, trims, ends or frees, in the middle of a chunk.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <nvt/telnet.h>

static const uint8_t stream[] =
    "text\xff\xf1\xff\xff more\r\n\xff\xfb\x01 more\xff\xfa\x1f\x00\x50\x00\x18"
    "\xff\xf0\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0\xff\xfb\x63\xff\xfd\x06"
    "\xff\xf0\xff\xfa\x05\x01\xff\xf0\xff\xfc\x01\xff\xf6 the end\r";

#define STREAM (sizeof(stream) - 1)

static struct nvt_telnet *
new_engine(void)
{
	static const char *const names[] = { "A", NULL };
	struct nvt_telnet *t = NULL;

	assert_int_equal(nvt_telnet_new(NULL, &t), 0);
	nvt_telnet_set_usual(t);
	assert_int_equal(nvt_telnet_set_ttype(t, names), 0);
	nvt_telnet_set_policy(t, NVT_REMOTE, 99, NVT_DECIDE);
	return t;
}

static void
do_send(struct nvt_telnet *t)
{
	size_t taken;

	assert_int_equal(
	    nvt_telnet_send_text(t, (const uint8_t *)"\r\n\xff", 3, &taken), 0);
	assert_int_equal(nvt_telnet_send_command(t, NVT_CMD_GA), 0);
	assert_int_equal(nvt_telnet_send_sub(t, 99, NULL, 0), 0);
}

static void
do_ask(struct nvt_telnet *t)
{
	assert_int_equal(nvt_telnet_request(t, NVT_REMOTE, 1, false), 0);
	assert_int_equal(nvt_telnet_request(t, NVT_LOCAL, 3, true), 0);
}

static void
do_answer(struct nvt_telnet *t)
{
	int error = nvt_telnet_answer(t, true);

	assert_true(error == 0 || error == NVT_ERR_STATE);
}

static void
do_nothing_much(struct nvt_telnet *t)
{
	const uint8_t *data;
	struct nvt_event ev;

	nvt_telnet_trim(t);
	(void)nvt_telnet_drop_text(t);
	nvt_telnet_sent(t, nvt_telnet_pending(t, &data));
	(void)nvt_telnet_feed(t, NULL, 0, &ev);
}

static void
do_end(struct nvt_telnet *t)
{
	struct nvt_event ev;

	nvt_telnet_end(t, &ev);
	assert_true(ev.type == NVT_EV_NONE || ev.type == NVT_EV_FAULT);
}

/* The bytes taken add up, and each event makes progress or is the last. */
static void
pull(size_t at, void (*act)(struct nvt_telnet *))
{
	struct nvt_telnet *t = new_engine();
	struct nvt_event ev;
	size_t done = 0, n, took;

	for (n = 0; n < 1000; n++) {
		took = nvt_telnet_feed(t, stream + done, STREAM - done, &ev);
		assert_true(took <= STREAM - done);
		done += took;
		if (done == STREAM && ev.type == NVT_EV_NONE)
			break;
		if (n == at)
			act(t);
	}
	assert_int_equal(done, STREAM);
	assert_true(n < 100);
	nvt_telnet_free(t);
}

static void
test_acts(void **unused)
{
	static void (*const acts[])(struct nvt_telnet *) = { do_send, do_ask,
		do_answer, do_nothing_much, nvt_telnet_reset, do_end,
		nvt_telnet_urgent, nvt_telnet_set_usual };
	size_t i, at;

	(void)unused;
	for (i = 0; i < sizeof(acts) / sizeof(*acts); i++)
		for (at = 0; at < 40; at++)
			pull(at, acts[i]);
}

/* A request that was open when the connection ended is nobody's. */
static void
test_reset_forgets_a_request(void **unused)
{
	struct nvt_telnet *t = new_engine();
	const uint8_t *data;
	struct nvt_event ev;

	(void)unused;
	assert_int_equal(
	    nvt_telnet_feed(t, (const uint8_t *)"\xff\xfb\x63", 3, &ev), 3);
	assert_int_equal(ev.type, NVT_EV_REQUEST);
	nvt_telnet_reset(t);
	assert_int_equal(nvt_telnet_answer(t, true), NVT_ERR_STATE);
	assert_int_equal(nvt_telnet_pending(t, &data), 0);
	nvt_telnet_free(t);
}

/* Freed after any event, with what is left never looked at. */
/* A wish about another option, or a query, leaves an open request open. */
static void
test_a_request_stays_open(void **unused)
{
	static const uint8_t asked[] = { NVT_CMD_IAC, NVT_CMD_WILL, 99 };
	static const uint8_t said[] = { NVT_CMD_IAC, NVT_CMD_DO, NVT_OPT_SGA,
		NVT_CMD_IAC, NVT_CMD_DO, 99 };
	struct nvt_telnet *t = new_engine();
	struct nvt_event ev;
	const uint8_t *data;

	(void)unused;
	assert_int_equal(nvt_telnet_feed(t, asked, sizeof(asked), &ev), 3);
	assert_int_equal(ev.type, NVT_EV_REQUEST);
	assert_int_equal(
	    nvt_telnet_request(t, NVT_REMOTE, NVT_OPT_SGA, true), 0);
	assert_int_equal(nvt_telnet_pending_len(t), 3);
	assert_int_equal(nvt_telnet_answer(t, true), 0);
	assert_int_equal(nvt_telnet_pending(t, &data), sizeof(said));
	assert_memory_equal(data, said, sizeof(said));
	nvt_telnet_free(t);
}

/* However little may wait, a connection's first requests go out. */
static void
test_start_in_a_small_queue(void **unused)
{
	const struct nvt_telnet_config config = {
		.size = sizeof(config), .role = NVT_SERVER, .out_limit = 1
	};
	struct nvt_telnet *t = NULL;

	(void)unused;
	assert_int_equal(nvt_telnet_new(&config, &t), 0);
	nvt_telnet_set_usual(t);
	assert_int_equal(nvt_telnet_start(t), 0);
	assert_int_equal(nvt_telnet_unanswered(t), 4);
	nvt_telnet_free(t);
}

/* An older program's configuration is shorter; a newer one's may be longer. */
static void
test_sizes_of_configurations(void **unused)
{
	struct {
		struct nvt_telnet_config config;
		size_t more;
	} newer = { .config.size = sizeof(newer) };
	struct nvt_telnet_config older = { .size = sizeof(size_t) +
		    sizeof(enum nvt_role),
		.role = NVT_SERVER,
		.out_limit = 1 };
	struct nvt_telnet *t = NULL;

	(void)unused;
	assert_int_equal(nvt_telnet_new(&newer.config, &t), 0);
	nvt_telnet_free(t);
	newer.more = 1;
	assert_int_equal(nvt_telnet_new(&newer.config, &t), NVT_ERR_ARG);
	assert_int_equal(nvt_telnet_new(&older, &t), 0);
	nvt_telnet_free(t);
	older.size = 0;
	assert_int_equal(nvt_telnet_new(&older, &t), NVT_ERR_ARG);
}

static void
test_freed_anywhere(void **unused)
{
	struct nvt_telnet *t;
	struct nvt_event ev;
	uint8_t *copy;
	size_t stop, n, done;

	(void)unused;
	for (stop = 0; stop < 40; stop++) {
		t = new_engine();
		copy = malloc(STREAM);
		assert_non_null(copy);
		memcpy(copy, stream, STREAM);
		for (n = 0, done = 0; n < stop; n++)
			done +=
			    nvt_telnet_feed(t, copy + done, STREAM - done, &ev);
		free(copy);
		nvt_telnet_free(t);
	}
	nvt_telnet_free(NULL);
	nvt_decoder_free(NULL);
}

/* What a describer is given it describes, in any room. */
static void
test_describe(void **unused)
{
	struct nvt_telnet *t = new_engine();
	struct nvt_event ev;
	char out[128];
	size_t done = 0, size, n;
	int turns;

	(void)unused;
	for (turns = 0; turns < 100; turns++) {
		done += nvt_telnet_feed(t, stream + done, STREAM - done, &ev);
		for (size = 1; size <= sizeof(out); size++) {
			memset(out, 0x5a, sizeof(out));
			n = nvt_event_describe(&ev, out, size);
			assert_true(n < size);
			assert_int_equal(n, strlen(out));
			assert_true(size == sizeof(out) || out[size] == 0x5a);
			while (n-- > 0)
				assert_true(out[n] >= ' ' && out[n] < 0x7f);
		}
	}
	assert_int_equal(done, STREAM);
	nvt_telnet_free(t);
}

static void
test_arguments(void **unused)
{
	struct nvt_telnet_config config = { .size = 3 };
	struct nvt_telnet *t = NULL;
	size_t taken = 7;

	(void)unused;
	assert_int_equal(nvt_telnet_new(&config, &t), NVT_ERR_ARG);
	assert_null(t);
	t = new_engine();
	assert_int_equal(nvt_telnet_answer(t, true), NVT_ERR_STATE);
	assert_int_equal(nvt_telnet_send_text(t, NULL, 0, &taken), 0);
	assert_int_equal(taken, 0);
	assert_int_equal(nvt_telnet_send_sub(t, 99, NULL, 0), 0);
	assert_int_equal(nvt_telnet_pending_urgent(t), 0);
	nvt_telnet_sent(t, 0);
	nvt_telnet_free(t);
}

/* Ask for a value of that option; what was answered must hold len x's. */
static void
check_value(struct nvt_telnet *t, uint8_t option, size_t len)
{
	const uint8_t ask[] = { 0xff, 0xfd, option, 0xff, 0xfa, option, 0x01,
		0xff, 0xf0 };
	const uint8_t *data = NULL;
	struct nvt_event ev;
	size_t done = 0, n, i, xs = 0;

	nvt_telnet_reset(t);
	do {
		done += nvt_telnet_feed(t, ask + done, sizeof(ask) - done, &ev);
	} while (done < sizeof(ask) || ev.type != NVT_EV_NONE);
	n = nvt_telnet_pending(t, &data);
	for (i = 0; i < n; i++)
		xs += data[i] == 'x';
	assert_int_equal(xs, len);
}

/* Values of every length are refused or sent whole. */
static void
test_long_values(void **unused)
{
	struct nvt_telnet *t = new_engine();
	char *text = malloc(5001);
	const char *names[] = { text, NULL };
	size_t len;

	(void)unused;
	assert_non_null(text);
	memset(text, 'x', 5000);
	for (len = 1; len <= 5000; len += len < 600 ? 1 : 1100) {
		text[len] = '\0';
		if (nvt_telnet_set_ttype(t, names) == 0)
			check_value(t, NVT_OPT_TTYPE, len);
		else
			assert_true(len > 40);
		if (nvt_telnet_set_xdisploc(t, text) == 0)
			check_value(t, NVT_OPT_XDISPLOC, len);
		else
			assert_true(len > 255);
		if (nvt_telnet_set_environ(t, NVT_ENVIRON_VAR, "A", text) == 0)
			check_value(t, NVT_OPT_NEW_ENVIRON, len);
		else
			assert_true(len > 255);
		text[len] = 'x';
	}
	nvt_telnet_free(t);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_acts),
		cmocka_unit_test(test_reset_forgets_a_request),
		cmocka_unit_test(test_a_request_stays_open),
		cmocka_unit_test(test_start_in_a_small_queue),
		cmocka_unit_test(test_sizes_of_configurations),
		cmocka_unit_test(test_freed_anywhere),
		cmocka_unit_test(test_describe),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_long_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
