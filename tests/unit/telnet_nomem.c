/*
 * telnet_nomem.c - the Nth call of malloc fails, for every N, over a session
 * in which every option talks, in both roles.  Nothing crashes, nothing leaks,
 * nothing is silent about it, and the engine still works afterwards.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <nvt/telnet.h>

#include "alloc.h"

/* More calls than a session makes: a sweep that gets here is not ending. */
#define SWEEP_MAX 10000

struct run {
	struct nvt_telnet *t;
	bool told; /* NVT_ERR_NOMEM or NVT_FAULT_NOMEM was seen */
};

static void
check(struct run *r, int error)
{
	if (error == NVT_ERR_NOMEM)
		r->told = true;
	else
		assert_true(error == 0 || error == NVT_ERR_FULL ||
		    error == NVT_ERR_STATE);
}

static void
drain(struct run *r, size_t most)
{
	const uint8_t *data = NULL;
	size_t len = nvt_telnet_pending(r->t, &data);

	if (len > 0)
		assert_non_null(data);
	(void)nvt_telnet_pending_urgent(r->t);
	nvt_telnet_sent(r->t, len < most ? len : most);
}

static void
note(struct run *r, const struct nvt_event *ev)
{
	if (ev->type == NVT_EV_FAULT && ev->fault == NVT_FAULT_NOMEM)
		r->told = true;
	if (ev->type == NVT_EV_REQUEST)
		(void)nvt_telnet_answer(r->t, true);
	if (ev->type == NVT_EV_FULL)
		drain(r, SIZE_MAX);
}

static void
feed(struct run *r, const char *in, size_t len)
{
	struct nvt_event ev;
	size_t done = 0;

	do {
		done += nvt_telnet_feed(
		    r->t, (const uint8_t *)in + done, len - done, &ev);
		note(r, &ev);
	} while (done < len || ev.type != NVT_EV_NONE);
}

#define FEED(r, text) feed(r, text, sizeof(text) - 1)

static void
send_text(struct run *r, const char *text)
{
	size_t taken = 0;

	check(r,
	    nvt_telnet_send_text(
		r->t, (const uint8_t *)text, strlen(text), &taken));
	assert_true(taken <= strlen(text));
}

static void
set_values(struct run *r)
{
	static const char *const names[] = { "NVT", "XTERM", "MTTS 13", NULL };
	static const struct nvt_naws window = { 80, 255 };

	check(r, nvt_telnet_set_ttype(r->t, names));
	check(r, nvt_telnet_set_ttype(r->t, names));
	check(r, nvt_telnet_set_naws(r->t, &window));
	check(r, nvt_telnet_set_tspeed(r->t, "38400,38400"));
	check(r, nvt_telnet_set_xdisploc(r->t, "a.rather.long.host.name:10.2"));
	check(r, nvt_telnet_set_environ(r->t, NVT_ENVIRON_VAR, "USER", "joe"));
	check(r,
	    nvt_telnet_set_environ(
		r->t, NVT_ENVIRON_USERVAR, "A\1", "\2 long value \3"));
	check(r, nvt_telnet_set_environ(r->t, NVT_ENVIRON_VAR, "USER", "jane"));
	check(r, nvt_telnet_set_environ(r->t, NVT_ENVIRON_VAR, "USER", NULL));
	check(r, nvt_telnet_want_environ(r->t, NVT_ENVIRON_VAR, "USER"));
	check(r, nvt_telnet_want_environ(r->t, NVT_ENVIRON_USERVAR, "LANG"));
}

static void
agree(struct run *r)
{
	static const uint8_t options[] = { NVT_OPT_BINARY, NVT_OPT_SGA,
		NVT_OPT_STATUS, NVT_OPT_TTYPE, NVT_OPT_EOR, NVT_OPT_NAWS,
		NVT_OPT_TSPEED, NVT_OPT_XDISPLOC, NVT_OPT_NEW_ENVIRON, 99 };
	char in[] = "\xff\xfd?\xff\xfb?";
	size_t i;

	for (i = 0; i < sizeof(options); i++) {
		nvt_telnet_set_policy(r->t, NVT_LOCAL, options[i], NVT_ACCEPT);
		nvt_telnet_set_policy(r->t, NVT_REMOTE, options[i], NVT_DECIDE);
		in[2] = in[5] = (char)options[i];
		feed(r, in, 6);
	}
}

static void
talk(struct run *r)
{
	check(r, nvt_telnet_start(r->t));
	FEED(r, "hello\r\n\xff\xf6\xff\xfd\x06\xff\xfd\x63\xff\xfb\x62");
	agree(r);
	send_text(r, "ls -l\n\xff\r");
	check(r, nvt_telnet_send_command(r->t, NVT_CMD_IP));
	check(r, nvt_telnet_send_synch(r->t));
	check(r, nvt_telnet_send_timing_mark(r->t));
	drain(r, 7);
	FEED(r, "\xff\xfa\x18\x01\xff\xf0\xff\xfa\x27\x01\xff\xf0");
	FEED(r, "\xff\xfa\x20\x01\xff\xf0\xff\xfa\x23\x01\xff\xf0");
	FEED(r, "\xff\xfa\x05\x01\xff\xf0\xff\xfa\x63 anything at all\xff\xf0");
	FEED(r, "\xff\xfa\x27\x00\x00USER\x01joe\xff\xf0");
	FEED(r, "\xff\xfa\x18\x00VT100\xff\xf0\xff\xf5\xff\xf2");
	drain(r, 100);
	set_values(r);
	send_text(r, "a somewhat longer line of text, in several pieces, ");
	check(r,
	    nvt_telnet_send_sub(r->t, 99, (const uint8_t *)"\xff\xff\xff", 3));
	check(r, nvt_telnet_send_raw(r->t, (const uint8_t *)"raw", 3));
	check(r, nvt_telnet_request(r->t, NVT_REMOTE, NVT_OPT_SGA, false));
	check(r, nvt_telnet_request(r->t, NVT_LOCAL, 98, true));
	(void)nvt_telnet_drop_text(r->t);
	nvt_telnet_trim(r->t);
	FEED(r, "\xff\xfc\x03\xff\xfe\x62text");
	drain(r, SIZE_MAX);
	nvt_telnet_trim(r->t);
}

/* Whatever was lost: text comes in and goes out. */
static void
must_work(struct run *r)
{
	const uint8_t *data = NULL;
	struct nvt_event ev;
	size_t taken = 0;
	int i;

	nvt_telnet_reset(r->t);
	for (i = 0; i < 4; i++) {
		(void)nvt_telnet_feed(r->t, (const uint8_t *)"text", 4, &ev);
		if (ev.type == NVT_EV_TEXT)
			break;
		assert_int_equal(ev.type, NVT_EV_FAULT);
	}
	assert_int_equal(ev.type, NVT_EV_TEXT);
	assert_int_equal(ev.len, 4);
	assert_int_equal(
	    nvt_telnet_send_text(r->t, (const uint8_t *)"ab", 2, &taken), 0);
	assert_int_equal(taken, 2);
	assert_int_equal(nvt_telnet_pending(r->t, &data), 2);
	assert_memory_equal(data, "ab", 2);
}

/* Whether the nth call was reached at all. */
static bool
session(enum nvt_role role, size_t nth, bool all)
{
	const struct nvt_telnet_config config = {
		.size = sizeof(config), .role = role, .sub_limit = 4096
	};
	struct run r = { NULL, false };
	int error;

	alloc_begin();
	alloc_fail(nth, all);
	error = nvt_telnet_new(&config, &r.t);
	if (error != 0) {
		assert_int_equal(error, NVT_ERR_NOMEM);
		assert_null(r.t);
		assert_int_equal(alloc_live(), 0);
		return true;
	}
	nvt_telnet_set_usual(r.t);
	set_values(&r);
	talk(&r);
	alloc_fail_none();
	FEED(&r, "");
	if (alloc_failed() && !r.told)
		fail_msg("call %zu failed and nobody was told", nth);
	if (!alloc_failed())
		assert_false(r.told);
	must_work(&r);
	nvt_telnet_free(r.t);
	assert_int_equal(alloc_live(), 0);
	return alloc_failed();
}

static void
sweep(bool all)
{
	enum nvt_role role;
	size_t nth;

	for (role = NVT_CLIENT; role <= NVT_SERVER; role++) {
		for (nth = 0; session(role, nth, all); nth++)
			assert_true(nth < SWEEP_MAX);
		print_message("role %d: %zu calls\n", (int)role, nth);
		assert_true(nth > 10);
	}
}

static void
test_one_fails(void **unused)
{
	(void)unused;
	sweep(false);
}

static void
test_all_fail_from_there(void **unused)
{
	(void)unused;
	sweep(true);
}

static void
test_decoder(void **unused)
{
	static const uint8_t in[] = "a\xff\xfa\x1fpayload\xff\xf0"
				    "b";
	struct nvt_wire_item item;
	struct nvt_decoder *d;
	bool told, b;
	size_t nth, done;

	(void)unused;
	for (nth = 0;; nth++) {
		d = NULL;
		alloc_begin();
		alloc_fail(nth, false);
		if (nvt_decoder_new(0, &d) != 0) {
			assert_null(d);
			continue;
		}
		told = b = false;
		for (done = 0; done < sizeof(in) - 1;) {
			done += nvt_decoder_feed(
			    d, in + done, sizeof(in) - 1 - done, &item);
			told = told ||
			    (item.type == NVT_WIRE_FAULT &&
				item.fault == NVT_FAULT_NOMEM);
			b = b ||
			    (item.type == NVT_WIRE_TEXT && item.len == 1 &&
				item.data[0] == 'b');
		}
		/* Not a byte of a lost payload becomes text. */
		assert_true(b);
		assert_int_equal(told, alloc_failed());
		alloc_fail_none();
		nvt_decoder_free(d);
		assert_int_equal(alloc_live(), 0);
		if (!told)
			break;
		assert_true(nth < SWEEP_MAX);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_fails),
		cmocka_unit_test(test_all_fail_from_there),
		cmocka_unit_test(test_decoder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
