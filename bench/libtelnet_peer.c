/*
 * libtelnet_peer.c - the same work done by libtelnet.
 */
#include "common.h"
#include "tally.h"

#include <libtelnet.h>

/* telnet_printf() formats into 1,024 bytes; 0.21 misreads its arguments where
 * the text is longer. */
enum { PRINTF_MAX = 1000 };

static const telnet_telopt_t NO_OPTIONS[] = { { -1, 0, 0 } };

static void
on_event(telnet_t *telnet, telnet_event_t *event, void *arg)
{
	struct tally *sum = arg;

	(void)telnet;
	switch (event->type) {
	case TELNET_EV_DATA:
		sum->text += event->data.size;
		break;
	case TELNET_EV_SEND:
		sum->wire += event->data.size;
		break;
	case TELNET_EV_IAC:
		sum->commands++;
		break;
	default:
		break;
	}
}

/* Later versions than Debian's 0.21 know the NVT's line ends; 0.21 hands CR
 * and NUL on as they come, which is less work. */
static telnet_t *
open_telnet(struct work *w)
{
	unsigned char flags = 0;
	telnet_t *t;

#ifdef TELNET_FLAG_NVT_EOL
	if (!w->binary)
		flags |= TELNET_FLAG_NVT_EOL;
#endif
	t = telnet_init(NO_OPTIONS, on_event, flags, &w->sum);
	if (t == NULL)
		bench_die("telnet_init");
	w->sum = (struct tally){ 0 };
	return t;
}

static size_t
piece_at(const struct work *w, size_t at)
{
	return w->len - at < w->piece ? w->len - at : w->piece;
}

void
libtelnet_decode(void *arg)
{
	struct work *w = arg;
	telnet_t *t = open_telnet(w);
	size_t at, n;

	for (at = 0; at < w->len; at += n) {
		n = piece_at(w, at);
		telnet_recv(t, (const char *)w->data + at, n);
	}
	telnet_free(t);
}

void
libtelnet_send(void *arg)
{
	struct work *w = arg;
	telnet_t *t = open_telnet(w);
	size_t at, n;

	for (at = 0; at < w->len; at += n) {
		n = piece_at(w, at);
		telnet_send(t, (const char *)w->data + at, n);
	}
	telnet_free(t);
}

/* The only way in 0.21 to send text with its newlines translated. */
void
libtelnet_printf(void *arg)
{
	struct work *w = arg;
	telnet_t *t = open_telnet(w);
	size_t at, n;

	for (at = 0; at < w->len; at += n) {
		n = piece_at(w, at);
		if (n > PRINTF_MAX)
			n = PRINTF_MAX;
		telnet_printf(t, "%.*s", (int)n, (const char *)w->data + at);
	}
	telnet_free(t);
}
