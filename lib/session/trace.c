/*
 * trace.c - what is received and sent, as lines for people.
 *
 * Both streams run through decoders of their own, in lockstep with the
 * engine's.  They are in BINARY all the time, so that a line shows each CR NUL
 * as it was on the wire.
 */
#include "session/session.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Text bytes in one line at most; each may need four characters to show. */
#define TEXT_MAX 240
#define LINE_SIZE 1024

/* The end of the peer's line, and the part of it that a word may begin in. */
#define PROMPT_SIZE 64
#define PROMPT_OVERLAP 16

struct nvt__trace {
	nvt_trace_fn *fn; /* NULL: traced no longer */
	void *arg;
	struct nvt_decoder *received;
	struct nvt_decoder *sent;
	size_t secret_from; /* a part of the bytes that wait for the socket */
	size_t secret_to;
	size_t prompt_len;
	char prompt[PROMPT_SIZE + 1];
	bool speaks_of_secret; /* the line did, before what is in prompt */
	bool line_over;        /* the next text that shows is a line anew */
	bool busy; /* the callback is called: what it causes is not told */
};

static bool
is_on(const struct nvt_session *s)
{
	return s->trace != NULL && s->trace->fn != NULL && !s->trace->busy;
}

static void
emit(struct nvt_session *s, char direction, const char *text)
{
	struct nvt_trace line = {
		.now = s->now,
		.direction = direction,
		.text = text,
	};
	struct nvt__trace *tr = s->trace;

	if (!is_on(s))
		return;
	tr->busy = true;
	s->calling++;
	tr->fn(s, &line, tr->arg);
	s->calling--;
	tr->busy = false;
}

/* Without their first letters, which come in two cases. */
static const char *const secret_words[] = {
	"assword",
	"assphrase",
	"asscode",
	"ecret",
	"pin:",
};

enum { SECRET_WORDS = sizeof(secret_words) / sizeof(secret_words[0]) };

static bool
contains(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (; *text != '\0'; text++)
		if (strncasecmp(text, word, len) == 0)
			return true;
	return false;
}

/* The last line of the peer's that shows anything is its prompt. */
static bool
prompt_wants_secret(const struct nvt__trace *tr)
{
	int i;

	if (tr->speaks_of_secret)
		return true;
	for (i = 0; i < SECRET_WORDS; i++)
		if (contains(tr->prompt, secret_words[i]))
			return true;
	return false;
}

static void
forget_prompt(struct nvt__trace *tr)
{
	tr->prompt_len = 0;
	tr->prompt[0] = '\0';
	tr->speaks_of_secret = false;
	tr->line_over = false;
}

/* A long line is looked at piece by piece, as it goes. */
static void
shorten_prompt(struct nvt__trace *tr)
{
	tr->speaks_of_secret = prompt_wants_secret(tr);
	memmove(tr->prompt, tr->prompt + PROMPT_SIZE - PROMPT_OVERLAP,
	    PROMPT_OVERLAP);
	tr->prompt_len = PROMPT_OVERLAP;
}

/* NULs would hide what follows them; all else that is blank shows nothing. */
static void
remember_byte(struct nvt__trace *tr, uint8_t c)
{
	if (c == '\n')
		tr->line_over = true;
	if (c == '\0' || (tr->line_over && c <= ' '))
		return;
	if (tr->line_over)
		forget_prompt(tr);
	if (tr->prompt_len == PROMPT_SIZE)
		shorten_prompt(tr);
	tr->prompt[tr->prompt_len++] = (char)c;
	tr->prompt[tr->prompt_len] = '\0';
}

static void
remember_prompt(struct nvt__trace *tr, const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		remember_byte(tr, data[i]);
}

size_t
nvt__trace_queue_begin(struct nvt_session *s)
{
	return is_on(s) ? nvt__output_pending(s) : 0;
}

/* Two secrets hide what is between them. */
void
nvt__trace_queue_end(struct nvt_session *s, size_t begin, bool secret)
{
	struct nvt__trace *tr = s->trace;

	if (!is_on(s) || !(secret || prompt_wants_secret(tr)))
		return;
	if (tr->secret_from == tr->secret_to || begin < tr->secret_from)
		tr->secret_from = begin;
	tr->secret_to = nvt__output_pending(s);
}

static void
show_text(
    struct nvt_session *s, char direction, const struct nvt_wire_item *item)
{
	struct nvt_wire_item piece = *item;
	char line[LINE_SIZE];
	const uint8_t *lf;
	size_t left = item->len;

	for (; left > 0; left -= piece.len, piece.data += piece.len) {
		piece.len = left < TEXT_MAX ? left : TEXT_MAX;
		lf = memchr(piece.data, '\n', piece.len);
		if (lf != NULL)
			piece.len = (size_t)(lf - piece.data) + 1;
		(void)nvt_wire_describe(&piece, line, sizeof(line));
		emit(s, direction, line);
	}
}

static void
show(struct nvt_session *s, char direction, const struct nvt_wire_item *item)
{
	char line[LINE_SIZE];

	/* The engine tells of faults, and knows more of them. */
	if (item->type == NVT_WIRE_NONE || item->type == NVT_WIRE_FAULT)
		return;
	if (item->type == NVT_WIRE_TEXT) {
		show_text(s, direction, item);
		return;
	}
	(void)nvt_wire_describe(item, line, sizeof(line));
	emit(s, direction, line);
}

void
nvt__trace_received(struct nvt_session *s, const uint8_t *data, size_t len)
{
	struct nvt_wire_item item;
	size_t taken;

	while (is_on(s) && len > 0) {
		taken = nvt_decoder_feed(s->trace->received, data, len, &item);
		data += taken;
		len -= taken;
		if (item.type == NVT_WIRE_TEXT)
			remember_prompt(s->trace, item.data, item.len);
		show(s, '<', &item);
	}
}

static bool
ends_line(const struct nvt_wire_item *item)
{
	return memchr(item->data, '\r', item->len) != NULL ||
	    memchr(item->data, '\n', item->len) != NULL;
}

static void
show_sent(struct nvt_session *s, const struct nvt_wire_item *item, bool secret)
{
	struct nvt__trace *tr = s->trace;

	if (item->type != NVT_WIRE_TEXT) {
		show(s, '>', item);
		return;
	}
	if (!secret && !prompt_wants_secret(tr)) {
		show_text(s, '>', item);
		return;
	}
	if (ends_line(item))
		forget_prompt(tr);
	emit(s, '>', "(secret)");
}

static void
decode_sent(struct nvt_session *s, const uint8_t *data, size_t len, bool secret)
{
	struct nvt_wire_item item;
	size_t taken;

	while (is_on(s) && len > 0) {
		taken = nvt_decoder_feed(s->trace->sent, data, len, &item);
		data += taken;
		len -= taken;
		show_sent(s, &item, secret);
	}
}

uint8_t *
nvt__trace_copy(const struct nvt_session *s, const uint8_t *data, size_t len)
{
	uint8_t *copy;

	if (!is_on(s))
		return NULL;
	copy = malloc(len);
	if (copy != NULL)
		memcpy(copy, data, len);
	return copy;
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

void
nvt__trace_sent(struct nvt_session *s, uint8_t *copy, size_t len)
{
	struct nvt__trace *tr = s->trace;
	size_t from, to;

	if (tr == NULL)
		return;
	from = smaller(tr->secret_from, len);
	to = smaller(tr->secret_to, len);
	tr->secret_from -= from;
	tr->secret_to -= to;
	if (copy == NULL)
		return;
	decode_sent(s, copy, from, false);
	decode_sent(s, copy + from, to - from, true);
	decode_sent(s, copy + to, len - to, false);
	free(copy);
}

void
nvt__trace_note(struct nvt_session *s, const char *text)
{
	emit(s, '!', text);
}

void
nvt__trace_fault(struct nvt_session *s, const struct nvt_event *ev)
{
	char line[LINE_SIZE];

	if (!is_on(s))
		return;
	(void)nvt_event_describe(ev, line, sizeof(line));
	emit(s, '!', line);
}

static void
restart(struct nvt_decoder *d)
{
	struct nvt_wire_item item;

	nvt_decoder_end(d, &item);
	nvt_decoder_set_binary(d, true);
}

void
nvt__trace_reset(struct nvt_session *s)
{
	struct nvt__trace *tr = s->trace;

	if (tr == NULL)
		return;
	restart(tr->received);
	restart(tr->sent);
	tr->secret_from = tr->secret_to = 0;
	forget_prompt(tr);
}

void
nvt__trace_free(struct nvt__trace *tr)
{
	if (tr == NULL)
		return;
	nvt_decoder_free(tr->received);
	nvt_decoder_free(tr->sent);
	free(tr);
}

static int
new_trace(struct nvt__trace **out)
{
	struct nvt__trace *tr;
	int err;

	tr = calloc(1, sizeof(*tr));
	if (tr == NULL)
		return NVT_ERR_NOMEM;
	err = nvt_decoder_new(0, &tr->received);
	if (err == 0)
		err = nvt_decoder_new(0, &tr->sent);
	if (err != 0) {
		nvt__trace_free(tr);
		return err;
	}
	*out = tr;
	return 0;
}

static void
stop(struct nvt_session *s)
{
	if (s->trace == NULL)
		return;
	s->trace->fn = NULL;
	/* Inside its own callback it is still needed, and goes with s. */
	if (s->calling > 0)
		return;
	nvt__trace_free(s->trace);
	s->trace = NULL;
}

int
nvt_session_trace(struct nvt_session *s, nvt_trace_fn *fn, void *arg)
{
	int err;

	if (fn == NULL) {
		stop(s);
		return 0;
	}
	if (s->trace == NULL) {
		err = new_trace(&s->trace);
		if (err != 0)
			return nvt__session_refuse(s, err);
		nvt__trace_reset(s);
	}
	s->trace->fn = fn;
	s->trace->arg = arg;
	return 0;
}
