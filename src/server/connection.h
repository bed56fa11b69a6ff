/*
 * connection.h - one connection from its first byte to its last.
 */
#ifndef NVT_SERVER_CONNECTION_H
#define NVT_SERVER_CONNECTION_H

#include "server/address.h"
#include "server/banner.h"
#include "server/server.h"

/*
 * Serve the peer on the socket fd, which is taken.  Runs until the connection
 * and everything started for it has ended.  In a process of its own, with
 * signals_open() done.
 */
void
connection_run(const struct server_config *config, const struct banner *banner,
    int fd, const struct address_text *peer, int signals);

#endif /* NVT_SERVER_CONNECTION_H */
