/*
 * send.c - what is queued for the peer, by the caller and in answer to it.
 */
#include "telnet/engine.h"

void
nvt__telnet_note(struct nvt_telnet *t, int err)
{
	if (err != 0)
		t->nomem = true;
}

void
nvt__telnet_answer_sub(
    struct nvt_telnet *t, uint8_t option, const uint8_t *payload, size_t len)
{
	nvt__telnet_note(t, nvt__queue_sub(&t->out, option, payload, len));
}

void
nvt__telnet_answer_negotiation(
    struct nvt_telnet *t, uint8_t command, uint8_t option)
{
	const uint8_t bytes[] = { NVT_CMD_IAC, command, option };

	nvt__telnet_note(t, nvt__queue_command(&t->out, bytes, sizeof(bytes)));
}

void
nvt__telnet_ask_value(struct nvt_telnet *t, uint8_t option)
{
	const uint8_t send = NVT_SUB_SEND;

	if (nvt_telnet_state(t, NVT_REMOTE, option) == NVT_STATE_YES)
		nvt__telnet_answer_sub(t, option, &send, 1);
}

/* RFC 854: AYT wants "some visible (i.e., printable) evidence". */
static const char ayt_answer[] = "\r\n[Yes]\r\n";

void
nvt__telnet_answer_ayt(struct nvt_telnet *t)
{
	size_t taken;

	nvt__telnet_note(t,
	    nvt__queue_text(&t->out, NVT_NEWLINE_NVT,
		(const uint8_t *)ayt_answer, sizeof(ayt_answer) - 1, SIZE_MAX,
		&taken));
}

/* RFC 854: output up to here need not reach the user; a SYNCH says where. */
void
nvt__telnet_abort_output(struct nvt_telnet *t)
{
	const uint8_t mark[] = { NVT_CMD_IAC, NVT_CMD_DM };

	nvt__queue_drop_text(&t->out);
	if (nvt__queue_command(&t->out, mark, sizeof(mark)) == 0)
		nvt__queue_mark_urgent(&t->out);
	else
		t->nomem = true;
}

int
nvt_telnet_send_text(
    struct nvt_telnet *t, const uint8_t *data, size_t len, size_t *taken)
{
	bool binary = nvt_telnet_is_on(t, NVT_LOCAL, NVT_OPT_BINARY);

	return nvt__queue_text(&t->out, binary ? NVT_NEWLINE_RAW : t->newline,
	    data, len, t->out_limit, taken);
}

int
nvt_telnet_send_raw(struct nvt_telnet *t, const uint8_t *data, size_t len)
{
	if (nvt__telnet_is_full(t))
		return NVT_ERR_FULL;
	return nvt__queue_command(&t->out, data, len);
}

int
nvt_telnet_send_command(struct nvt_telnet *t, uint8_t command)
{
	const uint8_t bytes[] = { NVT_CMD_IAC, command };

	if (command >= NVT_CMD_SB || command == NVT_CMD_SE)
		return NVT_ERR_ARG;
	return nvt_telnet_send_raw(t, bytes, sizeof(bytes));
}

int
nvt_telnet_send_sub(
    struct nvt_telnet *t, uint8_t option, const uint8_t *payload, size_t len)
{
	if (option == NVT_CMD_IAC)
		return NVT_ERR_ARG;
	if (nvt__telnet_is_full(t))
		return NVT_ERR_FULL;
	return nvt__queue_sub(&t->out, option, payload, len);
}

int
nvt_telnet_send_synch(struct nvt_telnet *t)
{
	int err = nvt_telnet_send_command(t, NVT_CMD_DM);

	if (err == 0)
		nvt__queue_mark_urgent(&t->out);
	return err;
}
