/*
 * queue.h - what waits for the socket: whole items, oldest first.
 *
 * The bytes lie one after another, so that one write takes them all.  Beside
 * them runs tell text from commands: text can be dropped (AO, RFC 854), a
 * command never is, and neither is ever cut in a pair (IAC IAC, CR NUL).
 */
#ifndef NVT_TELNET_QUEUE_H
#define NVT_TELNET_QUEUE_H

#include <nvt/wire.h>

#include "base/buf.h"

struct nvt__run;

/* Zero-initialised is empty. */
struct nvt__queue {
	struct nvt__buf bytes; /* sent ones before head, then pending ones */
	size_t head;
	struct nvt__run *runs;
	uint32_t run_count;
	uint32_t run_cap;
	size_t urgent; /* pending bytes up to and including a DM; 0: none */
	bool split;    /* the first pending byte is the second of a pair */
};

void nvt__queue_free(struct nvt__queue *q);
/* Forget all that is pending; memory stays. */
void nvt__queue_clear(struct nvt__queue *q);

size_t nvt__queue_pending(const struct nvt__queue *q, const uint8_t **data);

/* A whole item that is not text: 0, or NVT_ERR_NOMEM with nothing queued. */
int nvt__queue_command(struct nvt__queue *q, const uint8_t *data, size_t len);

/* IAC SB option payload IAC SE, likewise. */
int nvt__queue_sub(
    struct nvt__queue *q, uint8_t option, const uint8_t *payload, size_t len);

/*
 * Encode text until limit bytes are pending: 0 and how many bytes of it were
 * taken, or NVT_ERR_NOMEM with nothing queued.
 */
int nvt__queue_text(struct nvt__queue *q, enum nvt_newline newline,
    const uint8_t *data, size_t len, size_t limit, size_t *taken);

/* What was queued last ends in a DM that goes as urgent data. */
void nvt__queue_mark_urgent(struct nvt__queue *q);

/* The first len pending bytes are gone. */
void nvt__queue_sent(struct nvt__queue *q, size_t len);

/* Drop pending text; returns how many bytes. */
size_t nvt__queue_drop_text(struct nvt__queue *q);

void nvt__queue_trim(struct nvt__queue *q);

#endif /* NVT_TELNET_QUEUE_H */
