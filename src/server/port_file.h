/*
 * port_file.h - the file that says where we listen, for who has started us.
 */
#ifndef NVT_SERVER_PORT_FILE_H
#define NVT_SERVER_PORT_FILE_H

#include <sys/types.h>

#include "server/report.h"
#include "server/sockets.h"

struct port_file {
	const char *path; /* NULL: there is none */
	dev_t device;
	ino_t number;
};

/*
 * Write a line "ADDR N" each to path, which appears with all of them; NULL is
 * no file.  0, or -1 and why.
 */
int port_file_write(const char *path, const struct sockets *sockets,
    struct port_file *out, struct report *why);

/* Remove it, unless another server has put its own in its place. */
void port_file_remove(const struct port_file *file);

#endif /* NVT_SERVER_PORT_FILE_H */
