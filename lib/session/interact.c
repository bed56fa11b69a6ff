/*
 * interact.c - the session for a person: a raw terminal on one side, the
 * peer on the other, and a byte between them that ends it.
 *
 * No signal handler is touched: the window's size is looked at whenever
 * something happens, and twice a second.
 */
#include "session/session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/config.h"

/* A pipe that is ready takes as much without blocking: PIPE_BUF on Linux. */
#define CHUNK 4096

/* How late a new window size may be noticed. */
#define WINDOW_CHECK_MS 500

enum { USER_IN, USER_OUT, PEER, DESCRIPTORS };

enum outcome {
	GOES_ON = 1 /* else 0, or an error: nvt_session_interact()'s result */
};

struct interaction {
	struct nvt_session *s;
	struct termios before;
	struct winsize window;
	int in;
	int out;
	int escape;
	bool is_terminal;
	bool input_over;
	bool owes_cr; /* one that a read of a pipe ended in */
};

static void
make_raw(struct interaction *i)
{
	const tcflag_t input =
	    BRKINT | ICRNL | IGNCR | INLCR | INPCK | ISTRIP | IXON | PARMRK;
	const tcflag_t output = OPOST;
	const tcflag_t local = ECHO | ECHONL | ICANON | IEXTEN | ISIG;
	const tcflag_t control = CSIZE | PARENB;
	struct termios raw;

	i->is_terminal = tcgetattr(i->in, &i->before) == 0;
	if (!i->is_terminal)
		return;
	raw = i->before;
	raw.c_iflag &= ~input;
	raw.c_oflag &= ~output;
	raw.c_lflag &= ~local;
	raw.c_cflag = (raw.c_cflag & ~control) | CS8;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	(void)tcsetattr(i->in, TCSADRAIN, &raw);
}

static void
restore(const struct interaction *i)
{
	if (i->is_terminal)
		(void)tcsetattr(i->in, TCSADRAIN, &i->before);
}

static bool
wants_window(const struct nvt_session *s)
{
	return nvt_telnet_policy(s->telnet, NVT_LOCAL, NVT_OPT_NAWS) !=
	    NVT_REFUSE;
}

static void
pass_window_on(struct interaction *i)
{
	struct winsize now;
	struct nvt_naws naws;

	if (!wants_window(i->s) || ioctl(i->out, TIOCGWINSZ, &now) != 0)
		return;
	if (now.ws_col == i->window.ws_col && now.ws_row == i->window.ws_row)
		return;
	naws.cols = now.ws_col;
	naws.rows = now.ws_row;
	/* A full queue takes it half a second later. */
	if (nvt_telnet_set_naws(i->s->telnet, &naws) == 0)
		i->window = now;
}

/* The session goes on: it is the user's side that failed. */
static int
failed(const struct interaction *i, const char *what, int error)
{
	char sentence[160], why[128];

	(void)snprintf(sentence, sizeof(sentence), "%s: %s", what,
	    nvt__system_text(error, why, sizeof(why)));
	return nvt__session_complain(i->s, NVT_ERR_IO, error, sentence);
}

static int
show(struct interaction *i)
{
	struct nvt_span text = nvt_session_text(i->s);
	ssize_t n;

	if (text.len == 0)
		return GOES_ON;
	n = nvt__write_quietly(
	    i->out, text.data, text.len < CHUNK ? text.len : CHUNK);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return GOES_ON;
	if (n < 0)
		return failed(i, "cannot write to the user", errno);
	nvt_session_consume(i->s, (size_t)n);
	return GOES_ON;
}

/*
 * A raw terminal shows nothing by itself.  Who types to a peer that does not
 * echo sees it all the same.
 */
static void
echo(const struct interaction *i, const uint8_t *data, size_t len)
{
	size_t k;

	if (!i->is_terminal ||
	    nvt_telnet_is_on(i->s->telnet, NVT_REMOTE, NVT_OPT_ECHO))
		return;
	for (k = 0; k < len; k++)
		if (nvt__write_quietly(i->out,
			data[k] == '\r' ? "\r\n" : (const char *)&data[k],
			data[k] == '\r' ? 2 : 1) < 0)
			return;
}

static int
pass_on(struct interaction *i, const uint8_t *data, size_t len)
{
	const uint8_t *escape = NULL;
	int err;

	if (i->escape >= 0)
		escape = memchr(data, i->escape, len);
	if (escape != NULL)
		len = (size_t)(escape - data);
	echo(i, data, len);
	err = nvt_session_queue(i->s, data, len);
	if (err != 0)
		return err;
	return escape != NULL ? 0 : GOES_ON;
}

/*
 * The LF that belongs to a CR may come with the next read, and the engine takes
 * what it is given for itself.  At a terminal a CR is the Enter key, and goes.
 */
static int
pass_on_but_cr(struct interaction *i, uint8_t *data, size_t len)
{
	i->owes_cr = !i->is_terminal && data[len - 1] == '\r';
	return pass_on(i, data, i->owes_cr ? len - 1 : len);
}

static int
end_input(struct interaction *i)
{
	i->input_over = true;
	return i->owes_cr ? pass_on(i, (const uint8_t *)"\r", 1) : GOES_ON;
}

/* As much as the queue is sure to take, with a CR in front. */
static size_t
typed_size(const struct interaction *i)
{
	size_t room = nvt__output_room(i->s) / 2 - 1;

	return room < CHUNK ? room : CHUNK;
}

static int
take_typed(struct interaction *i)
{
	uint8_t buf[1 + CHUNK] = { '\r' };
	uint8_t *data = i->owes_cr ? buf : buf + 1;
	ssize_t n;

	n = read(i->in, buf + 1, typed_size(i));
	if (n > 0)
		return pass_on_but_cr(
		    i, data, (size_t)n + (size_t)(buf + 1 - data));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return GOES_ON;
	/* The end, or a terminal that hung up. */
	return end_input(i);
}

/* What is typed waits until what was typed has gone. */
static bool
may_type(const struct interaction *i)
{
	return !i->input_over && i->s->state == NVT_SESSION_OPEN &&
	    nvt__output_pending(i->s) == 0;
}

/* A descriptor of -1 is one that poll() leaves alone. */
static void
fill(const struct interaction *i, struct pollfd *p)
{
	bool has_text = nvt_session_text(i->s).len > 0;
	short events = nvt__block_events(nvt_session_wants(i->s));

	p[USER_IN] =
	    (struct pollfd){ .fd = may_type(i) ? i->in : -1, .events = POLLIN };
	p[USER_OUT] =
	    (struct pollfd){ .fd = has_text ? i->out : -1, .events = POLLOUT };
	p[PEER] =
	    (struct pollfd){ .fd = events != 0 ? nvt_session_fd(i->s) : -1,
		    .events = events };
}

static int
poll_all(const struct interaction *i, struct pollfd *p)
{
	bool at_once = nvt__input_may_resume(i->s);
	int n;

	n = poll(p, DESCRIPTORS, at_once ? 0 : WINDOW_CHECK_MS);
	if (n < 0 && errno != EINTR && errno != EAGAIN)
		return failed(i, "cannot wait", errno);
	if (n <= 0)
		p[USER_IN].revents = p[USER_OUT].revents = p[PEER].revents = 0;
	return 0;
}

static int
serve(struct interaction *i, const struct pollfd *p)
{
	int outcome = GOES_ON;

	if (p[USER_OUT].revents != 0)
		outcome = show(i);
	if (outcome == GOES_ON && p[USER_IN].revents != 0)
		outcome = take_typed(i);
	if ((p[PEER].revents & POLLPRI) != 0)
		nvt_session_urgent(i->s);
	(void)nvt_session_step(i->s, nvt_session_now());
	return outcome;
}

/* All that the peer had said is shown before its end is told. */
static int
what_now(const struct interaction *i)
{
	int code = nvt__session_end_code(i->s);

	if (code != 0 && nvt_session_text(i->s).len == 0)
		return nvt__session_refuse(i->s, code);
	if (i->input_over && code == 0 && nvt__output_pending(i->s) == 0)
		return 0;
	return GOES_ON;
}

static int
run(struct interaction *i)
{
	struct pollfd p[DESCRIPTORS];
	int outcome, err;

	while ((outcome = what_now(i)) == GOES_ON) {
		pass_window_on(i);
		fill(i, p);
		err = poll_all(i, p);
		if (err != 0)
			return err;
		outcome = serve(i, p);
		if (outcome != GOES_ON)
			break;
	}
	return outcome;
}

static int
prepare(struct interaction *i, const struct nvt_interact *with)
{
	/* A pipe's bytes are data, each of them. */
	struct nvt_interact c = { sizeof(c), STDIN_FILENO, STDOUT_FILENO,
		isatty(STDIN_FILENO) ? NVT_ESCAPE_DEFAULT : -1 };

	if (with != NULL && nvt__config_read(&c, sizeof(c), with) != 0)
		return NVT_ERR_ARG;
	i->in = c.in;
	i->out = c.out;
	i->escape = c.escape;
	return 0;
}

int
nvt_session_interact(struct nvt_session *s, const struct nvt_interact *with)
{
	struct interaction i = { .s = s };
	int outcome;

	outcome = prepare(&i, with);
	if (outcome == 0 && (s->calling > 0 || s->dial != NULL))
		outcome = NVT_ERR_STATE;
	if (outcome != 0)
		return nvt__session_refuse(s, outcome);
	nvt__wait_forget(s);
	nvt__session_hold(s);
	make_raw(&i);
	outcome = run(&i);
	restore(&i);
	return nvt__session_release(s) ? outcome : NVT_ERR_CLOSED;
}
