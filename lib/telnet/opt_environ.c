/*
 * opt_environ.c - variables: NEW-ENVIRON, RFC 1572.
 *
 * Told is what was exported by name and nothing else; CVE-2005-0488 is what
 * becomes of a client that looks into its environment instead.
 */
#include <string.h>

#include "telnet/engine.h"

/*
 * A SEND may name the same variable over and over: what it draws from us
 * stops growing here.
 */
enum { REPLY_MAX = 8192 };

/* inetutils' telnetd reads a SEND into 256 bytes. */
enum { SEND_MAX = 256 };

enum { ESC = 2 };

/* Whether two strings are the same once their escapes are undone. */
static bool
same_string(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
	size_t i = 0, j = 0;

	while (i < a_len && j < b_len) {
		if (a[i] == ESC && i + 1 < a_len)
			i++;
		if (b[j] == ESC && j + 1 < b_len)
			j++;
		if (a[i++] != b[j++])
			return false;
	}
	return i == a_len && j == b_len;
}

static bool
same_var(const struct nvt_environ_var *a, const struct nvt_environ_var *b)
{
	return a->kind == b->kind &&
	    same_string(a->name, a->name_len, b->name, b->name_len);
}

static struct nvt_environ
walk(const struct nvt__buf *list)
{
	static const uint8_t nothing[1];
	const uint8_t *data = list->len > 0 ? list->data : nothing;
	struct nvt_environ e = {
		.verb = NVT_SUB_IS,
		.pos = data,
		.end = data + list->len,
	};

	return e;
}

static int
append_piece(struct nvt__buf *list, const uint8_t *piece, const uint8_t *end)
{
	return nvt__buf_append(list, piece, (size_t)(end - piece));
}

/*
 * The exported variables that asked stands for, as they are in the list; one
 * that is not exported is named without a value, which says so.
 */
static int
answer_one(const struct nvt_telnet *t, const struct nvt_environ_var *asked,
    const uint8_t *asked_piece, const uint8_t *asked_end,
    struct nvt__buf *reply)
{
	struct nvt_environ e = walk(&t->environ);
	struct nvt_environ_var var;
	const uint8_t *piece;
	bool found = false;
	int err = 0;

	for (piece = e.pos; err == 0 && nvt_environ_next(&e, &var) == 1;
	     piece = e.pos) {
		if (asked->name_len == 0 ? var.kind != asked->kind :
					   !same_var(&var, asked))
			continue;
		found = true;
		err = append_piece(reply, piece, e.pos);
	}
	if (found || asked->name_len == 0)
		return err;
	return append_piece(reply, asked_piece, asked_end);
}

static int
answer_all(
    const struct nvt_telnet *t, struct nvt_environ e, struct nvt__buf *reply)
{
	struct nvt_environ_var asked;
	const uint8_t *piece = e.pos;
	bool told[NVT_ENVIRON_USERVAR + 1] = { false };
	int err = 0;

	if (e.pos == e.end)
		return nvt__buf_append(reply, t->environ.data, t->environ.len);
	while (err == 0 && reply->len < REPLY_MAX &&
	    nvt_environ_next(&e, &asked) == 1) {
		/* All of a kind need telling but once. */
		if (asked.name_len > 0 || !told[asked.kind])
			err = answer_one(t, &asked, piece, e.pos, reply);
		if (asked.name_len == 0)
			told[asked.kind] = true;
		piece = e.pos;
	}
	return err;
}

static void
answer(struct nvt_telnet *t, const struct nvt_environ *asked)
{
	const uint8_t is = NVT_SUB_IS;
	struct nvt__buf *reply = &t->scratch;

	reply->len = 0;
	if (nvt__buf_append(reply, &is, 1) == 0 &&
	    answer_all(t, *asked, reply) == 0)
		nvt__telnet_answer_sub(
		    t, NVT_OPT_NEW_ENVIRON, reply->data, reply->len);
	else
		t->nomem = true;
}

static void
ask_piece(struct nvt_telnet *t, const uint8_t *names, size_t len)
{
	uint8_t payload[SEND_MAX];

	if (len == 0)
		return;
	payload[0] = NVT_SUB_SEND;
	memcpy(payload + 1, names, len);
	nvt__telnet_answer_sub(t, NVT_OPT_NEW_ENVIRON, payload, len + 1);
}

/* Ask for what is wanted, in SENDs that every peer has room for. */
static void
ask(struct nvt_telnet *t)
{
	struct nvt_environ e = walk(&t->wanted);
	struct nvt_environ_var var;
	const uint8_t *begin = e.pos, *end = e.pos;

	while (nvt_environ_next(&e, &var) == 1) {
		if ((size_t)(e.pos - begin) > SEND_MAX - 1) {
			ask_piece(t, begin, (size_t)(end - begin));
			begin = end;
		}
		end = e.pos;
	}
	ask_piece(t, begin, (size_t)(end - begin));
}

static void
changed(struct nvt_telnet *t, enum nvt_side side, bool on)
{
	if (side == NVT_REMOTE && on &&
	    nvt_telnet_state(t, side, NVT_OPT_NEW_ENVIRON) == NVT_STATE_YES)
		ask(t);
}

static enum nvt__verdict
sub(struct nvt_telnet *t, struct nvt_event *ev)
{
	bool send;

	if (nvt_environ_parse(ev->data, ev->len, &ev->sub.environ) != 0)
		return NVT__SUB_BAD;
	send = ev->sub.environ.verb == NVT_SUB_SEND;
	if (!nvt__telnet_lives(
		t, send ? NVT_LOCAL : NVT_REMOTE, NVT_OPT_NEW_ENVIRON))
		return NVT__SUB_OFF;
	if (send)
		answer(t, &ev->sub.environ);
	return NVT__SUB_GOOD;
}

/* Take the variable of the same kind and name out of the list. */
static void
remove_var(struct nvt__buf *list, const struct nvt_environ_var *var)
{
	struct nvt_environ e = walk(list);
	struct nvt_environ_var at;
	uint8_t *piece = list->data;

	while (nvt_environ_next(&e, &at) == 1) {
		size_t len = (size_t)(e.pos - piece);

		if (!same_var(&at, var)) {
			piece += len;
			continue;
		}
		memmove(piece, e.pos, (size_t)(e.end - e.pos));
		list->len -= len;
		return;
	}
}

/*
 * Put a variable into the list in place of one of its name, or with drop only
 * take that out: 0, or NVT_ERR_NOMEM with the list as it was.
 */
static int
put_var(struct nvt__buf *list, const struct nvt_environ_var *plain, bool drop)
{
	size_t len = nvt_environ_var_write(plain, NULL, 0);
	struct nvt__buf piece = { 0 };
	struct nvt_environ e;
	struct nvt_environ_var var;
	int err;

	err = nvt__buf_reserve(&piece, len);
	if (err == 0)
		err = nvt__buf_reserve(list, len);
	if (err != 0)
		goto done;
	piece.len = nvt_environ_var_write(plain, piece.data, piece.cap);
	e = walk(&piece);
	nvt_environ_next(&e, &var);
	remove_var(list, &var);
	if (!drop)
		err = nvt__buf_append(list, piece.data, piece.len);
done:
	nvt__buf_free(&piece);
	return err;
}

/* The peer is told of a change without having asked: INFO. */
static int
tell(struct nvt_telnet *t, const struct nvt_environ_var *var)
{
	uint8_t info = NVT_SUB_INFO;
	struct nvt__buf payload = { 0 };
	size_t len = nvt_environ_var_write(var, NULL, 0);
	int err = nvt__buf_append(&payload, &info, 1);

	if (err == 0)
		err = nvt__buf_reserve(&payload, len);
	if (err == 0) {
		payload.len += nvt_environ_var_write(
		    var, payload.data + 1, payload.cap - 1);
		err = nvt_telnet_send_sub(
		    t, NVT_OPT_NEW_ENVIRON, payload.data, payload.len);
	}
	nvt__buf_free(&payload);
	return err;
}

int
nvt_telnet_set_environ(struct nvt_telnet *t, enum nvt_environ_kind kind,
    const char *name, const char *value)
{
	bool on = nvt_telnet_is_on(t, NVT_LOCAL, NVT_OPT_NEW_ENVIRON);
	struct nvt_environ_var var = {
		.kind = kind,
		.name = (const uint8_t *)name,
		.name_len = strlen(name),
		.value = (const uint8_t *)value,
		.value_len = value != NULL ? strlen(value) : 0,
	};
	int err;

	if (var.name_len == 0)
		return NVT_ERR_ARG;
	if (on && nvt__telnet_is_full(t))
		return NVT_ERR_FULL;
	err = put_var(&t->environ, &var, value == NULL);
	if (err != 0)
		return err;
	if (t->environ.len > 0)
		nvt__telnet_lift(t, NVT_LOCAL, NVT_OPT_NEW_ENVIRON, NVT_ACCEPT);
	else
		nvt_telnet_set_policy(
		    t, NVT_LOCAL, NVT_OPT_NEW_ENVIRON, NVT_REFUSE);
	return on ? tell(t, &var) : 0;
}

int
nvt_telnet_want_environ(
    struct nvt_telnet *t, enum nvt_environ_kind kind, const char *name)
{
	struct nvt_environ_var var = {
		.kind = kind,
		.name = (const uint8_t *)name,
		.name_len = strlen(name),
	};
	int err;

	if (nvt_environ_var_write(&var, NULL, 0) > SEND_MAX - 1)
		return NVT_ERR_ARG;
	err = put_var(&t->wanted, &var, false);
	if (err == 0)
		nvt__telnet_lift(t, NVT_REMOTE, NVT_OPT_NEW_ENVIRON, NVT_ASK);
	return err;
}

const struct nvt__behaviour nvt__opt_environ = {
	.option = NVT_OPT_NEW_ENVIRON,
	.changed = changed,
	.sub = sub,
};
