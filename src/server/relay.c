/*
 * relay.c - the pump between a session and a terminal's master side.
 */
#include "server/relay.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

void
relay_init(struct relay *r, struct nvt_session *session, struct input *input,
    struct monitor *monitor, int master)
{
	memset(r, 0, sizeof(*r));
	r->session = session;
	r->input = input;
	r->monitor = monitor;
	r->master = master;
}

static size_t
pending(const struct relay *r)
{
	const uint8_t *data;

	return nvt_telnet_pending(nvt_session_telnet(r->session), &data);
}

static bool
has_input(const struct relay *r)
{
	return !r->deaf && (r->in_pos < r->in_len || !input_is_empty(r->input));
}

short
relay_events(struct relay *r)
{
	short events = 0;

	if (r->ended)
		return 0;
	if (pending(r) <= RELAY_PENDING_MAX)
		events |= POLLIN;
	if (has_input(r))
		events |= POLLOUT;
	return events;
}

static int
key_of(void *arg, enum pty_key key, bool *flush)
{
	struct relay *r = arg;

	return monitor_key(r->monitor, key, flush);
}

static void
refill(struct relay *r)
{
	if (r->in_pos < r->in_len)
		return;
	r->in_pos = 0;
	r->in_len = input_take(r->input, key_of, r, r->in, sizeof(r->in));
}

/*
 * The terminal takes no more.  A key that makes it forget what it has, as ^C
 * does, need not wait behind what the program does not read.
 */
static bool
jump(struct relay *r)
{
	if (input_jump(r->input, key_of, r, r->in) == 0)
		return false;
	r->in_pos = 0;
	r->in_len = 1;
	return true;
}

/* From the peer to the program, as much as the terminal takes now. */
static void
pump_in(struct relay *r)
{
	ssize_t n;

	for (;;) {
		refill(r);
		if (r->in_pos == r->in_len)
			return;
		n = write(r->master, r->in + r->in_pos, r->in_len - r->in_pos);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN && jump(r))
			continue;
		if (n < 0 && errno != EAGAIN)
			r->deaf = true;
		if (n <= 0)
			return;
		r->in_pos += (size_t)n;
		r->from_peer += (uint64_t)n;
	}
}

/* Fill the buffer from the terminal, as far as that has something. */
static void
read_pty(struct relay *r)
{
	ssize_t n;

	while (!r->ended && r->out_len < sizeof(r->out)) {
		n = read(r->master, r->out + r->out_len,
		    sizeof(r->out) - r->out_len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		/* EIO: the last one who had the other side open is gone. */
		if (n <= 0) {
			r->ended = true;
			return;
		}
		r->out_len += (size_t)n;
		r->from_pty += (uint64_t)n;
	}
}

/*
 * How much of the buffer to hand on.  A CR at the end of a full one waits for
 * what follows: CR and LF handed on apart would become CR NUL LF, which is
 * the same to the peer but a byte longer.
 */
static size_t
ready_length(const struct relay *r)
{
	if (r->out_len == sizeof(r->out) && r->out[r->out_len - 1] == '\r')
		return r->out_len - 1;
	return r->out_len;
}

/* From the program to the session: 0, or -1 if that is closed. */
static int
pump_out(struct relay *r)
{
	bool more = true;
	size_t len;
	int err;

	while (more && pending(r) <= RELAY_PENDING_MAX) {
		read_pty(r);
		more = r->out_len == sizeof(r->out);
		len = ready_length(r);
		if (len == 0)
			return 0;
		err = nvt_session_queue(r->session, r->out, len);
		if (err == NVT_ERR_FULL)
			return 0;
		if (err != 0)
			return -1;
		memmove(r->out, r->out + len, r->out_len - len);
		r->out_len -= len;
	}
	return 0;
}

int
relay_pump(struct relay *r)
{
	if (!r->deaf)
		pump_in(r);
	return pump_out(r);
}

void
relay_drop_output(struct relay *r)
{
	r->out_len = 0;
	monitor_flush_output(r->monitor);
}

void
relay_drop_input(struct relay *r)
{
	r->in_pos = r->in_len = 0;
	input_discard(r->input);
}
