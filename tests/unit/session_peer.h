/*
 * session_peer.h - the other end of a session under test.
 *
 * Descriptors only, in the test's own thread unless a function says so.  What
 * goes wrong here ends the test.
 */
#ifndef TEST_SESSION_PEER_H
#define TEST_SESSION_PEER_H

#include <stddef.h>
#include <stdint.h>

#include <nvt/session.h>

/* The test needs no more patience than this, however slow the machine. */
#define PEER_TIMEOUT_MS 20000

/* A session with that configuration, or the default one for NULL. */
struct nvt_session *peer_session(const struct nvt_session_config *config);

/* The same, adopted on one end of a socket pair; stores the other end. */
struct nvt_session *peer_pair(const struct nvt_session_config *config, int *fd);

/* The same over TCP on the loopback. */
struct nvt_session *peer_tcp(const struct nvt_session_config *config, int *fd);

/* A listener on port 0 of the loopback: stores its port as text. */
int peer_listen(int family, char port[8]);
int peer_accept(int listener);
/* A port on which nobody listens. */
void peer_free_port(int family, char port[8]);

void peer_say(int fd, const void *data, size_t len);
void peer_text(int fd, const char *text);
/* What the session has sent so far, up to size bytes. */
size_t peer_heard(int fd, void *buf, size_t size);
/* Wait for len bytes. */
void peer_hear(int fd, void *buf, size_t len);
void peer_end(int fd);
/* Close with a RST instead of a FIN. */
void peer_reset(int fd);

/* Whether the span is that text. */
void peer_check(struct nvt_span span, const char *text);

#endif /* TEST_SESSION_PEER_H */
