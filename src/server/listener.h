/*
 * listener.h - accept connections, a process for each, and reap them.
 */
#ifndef NVT_SERVER_LISTENER_H
#define NVT_SERVER_LISTENER_H

#include "server/banner.h"
#include "server/server.h"
#include "server/sockets.h"

/*
 * Serve until a signal says to stop; then end every connection and wait for
 * it.  signals is what signals_open() returned.  0, or -1 and why.
 */
int
listener_run(const struct server_config *config, const struct banner *banner,
    struct sockets *sockets, int signals, struct report *why);

#endif /* NVT_SERVER_LISTENER_H */
