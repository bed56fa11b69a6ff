/*
 * peer.c - what the peer has said of itself.
 *
 * RFC 854 (commands), 857 (ECHO), 727 (LOGOUT), 1073 (NAWS), 1091 (TTYPE),
 * 1184 (what EOF, SUSP and ABORT stand for).
 */
#include "server/peer.h"

#include <string.h>

static void
got_command(struct peer *p, uint8_t command)
{
	switch (command) {
	case NVT_CMD_IP:
		input_note_key(p->input, PTY_KEY_INTR);
		break;
	case NVT_CMD_BRK:
		input_note_key(p->input, PTY_KEY_BREAK);
		break;
	case NVT_CMD_ABORT:
		input_note_key(p->input, PTY_KEY_QUIT);
		break;
	case NVT_CMD_SUSP:
		input_note_key(p->input, PTY_KEY_SUSP);
		break;
	case NVT_CMD_EOF:
		input_note_key(p->input, PTY_KEY_EOF);
		break;
	case NVT_CMD_EC:
		input_note_key(p->input, PTY_KEY_ERASE);
		break;
	case NVT_CMD_EL:
		input_note_key(p->input, PTY_KEY_KILL);
		break;
	case NVT_CMD_AO:
		/* The engine has seen to what is queued. */
		if (p->relay != NULL)
			relay_drop_output(p->relay);
		break;
	default:
		break;
	}
}

/* The terminal echoes unless the peer does; only a change is passed on, since
 * programs switch the echo, too. */
static void
echo_changed(struct peer *p, bool on)
{
	if (p->relay == NULL || p->echo_off == !on)
		return;
	p->echo_off = !on;
	monitor_echo(p->monitor, on);
}

static void
got_option(struct peer *p, const struct nvt_event *ev)
{
	bool on = ev->change == NVT_CHANGE_ON;

	if (ev->side == NVT_LOCAL && ev->option == NVT_OPT_ECHO)
		echo_changed(p, on);
	if (ev->side == NVT_LOCAL && ev->option == NVT_OPT_LOGOUT && on)
		p->logout = true;
}

static void
got_window(struct peer *p, const struct nvt_naws *window)
{
	p->has_window = true;
	if (p->window.cols == window->cols && p->window.rows == window->rows)
		return;
	p->window = *window;
	if (p->relay != NULL)
		monitor_window(p->monitor, window->cols, window->rows);
}

/* The first name is the one that the peer likes best. */
static void
got_term(struct peer *p, const struct nvt_text_sub *sub)
{
	if (p->has_term || sub->verb != NVT_SUB_IS)
		return;
	p->has_term = true;
	term_from_peer(sub->text, sub->len, p->term);
}

static void
got_event(struct nvt_session *session, const struct nvt_event *ev, void *arg)
{
	struct peer *p = arg;

	(void)session;
	if (ev->type == NVT_EV_COMMAND)
		got_command(p, ev->command);
	if (ev->type == NVT_EV_OPTION)
		got_option(p, ev);
	if (ev->type != NVT_EV_SUB || !ev->decoded)
		return;
	if (ev->option == NVT_OPT_NAWS)
		got_window(p, &ev->sub.naws);
	if (ev->option == NVT_OPT_TTYPE)
		got_term(p, &ev->sub.ttype);
}

void
peer_init(struct peer *p, struct nvt_session *session, struct input *input,
    struct monitor *monitor)
{
	memset(p, 0, sizeof(*p));
	p->session = session;
	p->input = input;
	p->monitor = monitor;
	memcpy(p->term, TERM_UNKNOWN, sizeof(TERM_UNKNOWN));
	nvt_session_on_event(session, got_event, p);
}

bool
peer_has_answered(const struct peer *p)
{
	const struct nvt_telnet *t = nvt_session_telnet(p->session);

	if (nvt_telnet_unanswered(t) > 0)
		return false;
	if (nvt_telnet_is_on(t, NVT_REMOTE, NVT_OPT_TTYPE) && !p->has_term)
		return false;
	return !nvt_telnet_is_on(t, NVT_REMOTE, NVT_OPT_NAWS) || p->has_window;
}

bool
peer_echoes(const struct peer *p)
{
	const struct nvt_telnet *t = nvt_session_telnet(p->session);

	return nvt_telnet_state(t, NVT_LOCAL, NVT_OPT_ECHO) == NVT_STATE_NO;
}

void
peer_describe(struct peer *p, struct monitor_open *out)
{
	memset(out, 0, sizeof(*out));
	memcpy(out->term, p->term, sizeof(out->term));
	out->cols = p->window.cols;
	out->rows = p->window.rows;
	out->echo = !peer_echoes(p);
	p->echo_off = !out->echo;
}
