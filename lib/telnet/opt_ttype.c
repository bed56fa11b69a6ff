/*
 * opt_ttype.c - the terminal's type: RFC 1091.
 *
 * Each SEND is answered with the next name; the last is given twice, which
 * tells the peer that the list is at its end, and then the list begins anew.
 */
#include <string.h>

#include "telnet/engine.h"

/* RFC 1091 allows 40; devices with longer names are about. */
enum { NAME_MAX_LEN = 255 };

/* For a policy that agreed though there is no name (RFC 1091). */
static const char unknown[] = "UNKNOWN";

static void
send_name(struct nvt_telnet *t)
{
	uint8_t payload[NAME_MAX_LEN + 1];
	const char *name = t->ttype.len == 0 ?
	    unknown :
	    (const char *)t->ttype.data + t->ttype_at;
	struct nvt_text_sub is = { NVT_SUB_IS, name, strlen(name) };
	size_t next = t->ttype_at + is.len + 1;
	size_t len = nvt_ttype_write(&is, payload, sizeof(payload));

	nvt__telnet_answer_sub(t, NVT_OPT_TTYPE, payload, len);
	if (next < t->ttype.len) {
		t->ttype_at = next;
		return;
	}
	t->ttype_repeat = !t->ttype_repeat;
	if (!t->ttype_repeat)
		t->ttype_at = 0;
}

static void
changed(struct nvt_telnet *t, enum nvt_side side, bool on)
{
	if (!on)
		return;
	if (side == NVT_LOCAL) {
		t->ttype_at = 0;
		t->ttype_repeat = false;
		return;
	}
	(void)nvt_telnet_send_ttype(t);
}

static enum nvt__verdict
sub(struct nvt_telnet *t, struct nvt_event *ev)
{
	bool send;

	if (nvt_ttype_parse(ev->data, ev->len, &ev->sub.ttype) != 0)
		return NVT__SUB_BAD;
	send = ev->sub.ttype.verb == NVT_SUB_SEND;
	if (!nvt__telnet_lives(t, send ? NVT_LOCAL : NVT_REMOTE, NVT_OPT_TTYPE))
		return NVT__SUB_OFF;
	if (send)
		send_name(t);
	return NVT__SUB_GOOD;
}

static bool
is_name(const char *name)
{
	size_t len = 0;

	for (; name[len] != '\0'; len++)
		if (name[len] < ' ' || name[len] > '~')
			return false;
	return len > 0 && len <= NAME_MAX_LEN;
}

int
nvt_telnet_set_ttype(struct nvt_telnet *t, const char *const *names)
{
	struct nvt__buf list = { 0 };
	int err = 0;

	for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
		err = is_name(names[i]) ?
		    nvt__buf_append(&list, names[i], strlen(names[i]) + 1) :
		    NVT_ERR_ARG;
		if (err != 0)
			goto done;
	}
	nvt__buf_free(&t->ttype);
	t->ttype = list;
	list = (struct nvt__buf){ 0 };
	t->ttype_at = 0;
	t->ttype_repeat = false;
	if (t->ttype.len > 0)
		nvt__telnet_lift(t, NVT_LOCAL, NVT_OPT_TTYPE, NVT_ACCEPT);
	else
		nvt_telnet_set_policy(t, NVT_LOCAL, NVT_OPT_TTYPE, NVT_REFUSE);
done:
	nvt__buf_free(&list);
	return err;
}

int
nvt_telnet_send_ttype(struct nvt_telnet *t)
{
	if (!nvt_telnet_is_on(t, NVT_REMOTE, NVT_OPT_TTYPE))
		return NVT_ERR_STATE;
	if (t->ttype_sends >= NVT_TTYPE_SENDS_MAX)
		return NVT_ERR_TOO_BIG;
	if (nvt__telnet_is_full(t))
		return NVT_ERR_FULL;
	t->ttype_sends++;
	nvt__telnet_ask_value(t, NVT_OPT_TTYPE);
	return 0;
}

const struct nvt__behaviour nvt__opt_ttype = {
	.option = NVT_OPT_TTYPE,
	.changed = changed,
	.sub = sub,
};
