/*
 * script.c - an input in the language of ops.h, read and carried out.
 */
#include "script.h"

#include "ops.h"
#include "target.h"

#include <string.h>

#define NAME_SIZE 256

uint8_t
script_byte(struct script *s)
{
	if (s->left == 0)
		return 0;
	s->left--;
	return *s->p++;
}

struct piece
script_piece(struct script *s)
{
	struct piece piece = { .len = script_byte(s) };

	if (piece.len > s->left)
		piece.len = s->left;
	piece.p = s->p;
	s->p += piece.len;
	s->left -= piece.len;
	return piece;
}

/* A piece as a C string, cut at its first NUL. */
static char *
script_name(struct script *s, char out[NAME_SIZE])
{
	struct piece piece = script_piece(s);

	if (piece.len > 0)
		memcpy(out, piece.p, piece.len);
	out[piece.len] = '\0';
	return out;
}

struct nvt_telnet *
script_engine(uint8_t flags)
{
	struct nvt_telnet_config config = { .size = sizeof(config) };
	struct nvt_telnet *t = NULL;

	if ((flags & FUZZ_SERVER) != 0)
		config.role = NVT_SERVER;
	if ((flags & FUZZ_SMALL_OUT) != 0)
		config.out_limit = FUZZ_SMALL_OUT_LIMIT;
	if ((flags & FUZZ_SMALL_SUB) != 0)
		config.sub_limit = FUZZ_SMALL_SUB_LIMIT;
	MUST(nvt_telnet_new(&config, &t) == 0);
	if ((flags & FUZZ_USUAL) != 0)
		nvt_telnet_set_usual(t);
	if ((flags & FUZZ_VALUES) != 0)
		script_values(t);
	return t;
}

void
script_values(struct nvt_telnet *t)
{
	static const char *const names[] = { "NVT", "XTERM", NULL };
	static const struct nvt_naws naws = { 255, 24 };

	(void)nvt_telnet_set_ttype(t, names);
	(void)nvt_telnet_set_naws(t, &naws);
	(void)nvt_telnet_set_tspeed(t, "9600,9600");
	(void)nvt_telnet_set_xdisploc(t, "h:0");
	(void)nvt_telnet_set_environ(t, NVT_ENVIRON_VAR, "USER", "joe");
	(void)nvt_telnet_set_environ(t, NVT_ENVIRON_USERVAR, "A\1", "\2\377");
	(void)nvt_telnet_want_environ(t, NVT_ENVIRON_VAR, "USER");
}

static enum nvt_side
script_side(struct script *s)
{
	return (script_byte(s) & 1) != 0 ? NVT_REMOTE : NVT_LOCAL;
}

static enum nvt_environ_kind
script_kind(struct script *s)
{
	return (script_byte(s) & 1) != 0 ? NVT_ENVIRON_USERVAR :
					   NVT_ENVIRON_VAR;
}

static int
set_policy(struct nvt_telnet *t, struct script *s)
{
	enum nvt_side side = script_side(s);
	uint8_t option = script_byte(s);

	nvt_telnet_set_policy(
	    t, side, option, (enum nvt_policy)(script_byte(s) & 3));
	return 0;
}

static int
request(struct nvt_telnet *t, struct script *s)
{
	enum nvt_side side = script_side(s);
	uint8_t option = script_byte(s);

	return nvt_telnet_request(t, side, option, (script_byte(s) & 1) != 0);
}

static int
send_text(struct nvt_telnet *t, struct script *s)
{
	struct piece piece = script_piece(s);
	size_t taken = SIZE_MAX;
	int error = nvt_telnet_send_text(t, piece.p, piece.len, &taken);

	MUST(error != 0 || taken <= piece.len);
	return error;
}

static int
send_sub(struct nvt_telnet *t, struct script *s)
{
	uint8_t option = script_byte(s);
	struct piece piece = script_piece(s);

	return nvt_telnet_send_sub(t, option, piece.p, piece.len);
}

static int
send_raw(struct nvt_telnet *t, struct script *s)
{
	struct piece piece = script_piece(s);

	return nvt_telnet_send_raw(t, piece.p, piece.len);
}

static int
set_ttype(struct nvt_telnet *t, struct script *s)
{
	char a[NAME_SIZE], b[NAME_SIZE];
	const char *names[3] = { script_name(s, a), script_name(s, b), NULL };

	if (*b == '\0')
		names[1] = NULL;
	return nvt_telnet_set_ttype(t, *a == '\0' ? NULL : names);
}

static int
set_naws(struct nvt_telnet *t, struct script *s)
{
	struct nvt_naws naws;

	naws.cols = (uint16_t)(script_byte(s) << 8);
	naws.cols |= script_byte(s);
	naws.rows = (uint16_t)(script_byte(s) << 8);
	naws.rows |= script_byte(s);
	return nvt_telnet_set_naws(t, &naws);
}

static int
set_environ(struct nvt_telnet *t, struct script *s)
{
	enum nvt_environ_kind kind = script_kind(s);
	char a[NAME_SIZE], b[NAME_SIZE];

	script_name(s, a);
	script_name(s, b);
	return nvt_telnet_set_environ(t, kind, a, *b == '\0' ? NULL : b);
}

static int
want_environ(struct nvt_telnet *t, struct script *s)
{
	enum nvt_environ_kind kind = script_kind(s);
	char a[NAME_SIZE];

	return nvt_telnet_want_environ(t, kind, script_name(s, a));
}

static int
set_newline(struct nvt_telnet *t, struct script *s)
{
	nvt_telnet_set_newline(t, (enum nvt_newline)(script_byte(s) % 3));
	return 0;
}

static int
set_enter(struct nvt_telnet *t, struct script *s)
{
	nvt_telnet_set_enter(t, (script_byte(s) & 1) != 0);
	return 0;
}

static int
set_tspeed(struct nvt_telnet *t, struct script *s)
{
	char a[NAME_SIZE];

	return nvt_telnet_set_tspeed(t, script_name(s, a));
}

static int
set_xdisploc(struct nvt_telnet *t, struct script *s)
{
	char a[NAME_SIZE];

	return nvt_telnet_set_xdisploc(t, script_name(s, a));
}

static int
send_command(struct nvt_telnet *t, struct script *s)
{
	return nvt_telnet_send_command(t, script_byte(s));
}

/* Those that have no operands. */
static int
call_plain(struct nvt_telnet *t, int op)
{
	switch (op) {
	case FUZZ_USUAL_NOW:
		nvt_telnet_set_usual(t);
		return 0;
	case FUZZ_START:
		return nvt_telnet_start(t);
	case FUZZ_URGENT:
		nvt_telnet_urgent(t);
		return 0;
	case FUZZ_SYNCH:
		return nvt_telnet_send_synch(t);
	case FUZZ_TIMING_MARK:
		return nvt_telnet_send_timing_mark(t);
	case FUZZ_SEND_TTYPE:
		return nvt_telnet_send_ttype(t);
	case FUZZ_DROP:
		(void)nvt_telnet_drop_text(t);
		return 0;
	case FUZZ_TRIM:
		nvt_telnet_trim(t);
		return 0;
	case FUZZ_RESET:
		nvt_telnet_reset(t);
		return 0;
	default:
		return 0;
	}
}

void
script_call(struct nvt_telnet *t, int op, struct script *s)
{
	static int (*const calls[FUZZ_OPS])(
	    struct nvt_telnet *, struct script *) = {
		[FUZZ_REQUEST] = request,
		[FUZZ_POLICY] = set_policy,
		[FUZZ_SEND] = send_text,
		[FUZZ_COMMAND] = send_command,
		[FUZZ_SUB] = send_sub,
		[FUZZ_RAW] = send_raw,
		[FUZZ_TTYPE] = set_ttype,
		[FUZZ_NAWS] = set_naws,
		[FUZZ_TSPEED] = set_tspeed,
		[FUZZ_XDISPLOC] = set_xdisploc,
		[FUZZ_ENVIRON] = set_environ,
		[FUZZ_WANT] = want_environ,
		[FUZZ_NEWLINE] = set_newline,
		[FUZZ_ENTER] = set_enter,
	};
	int error;

	if (calls[op] != NULL)
		error = calls[op](t, s);
	else
		error = call_plain(t, op);
	MUST(error == 0 || error == NVT_ERR_FULL || error == NVT_ERR_ARG ||
	    error == NVT_ERR_STATE || error == NVT_ERR_TOO_BIG);
}
