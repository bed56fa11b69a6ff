/*
 * feeder.c - sends as many log-like bytes as it is asked for, then a prompt.
 *
 * Prints its port.  A client asks with a line that is a number; what comes
 * back is that many bytes of lines, ending with the prompt.  One client at a
 * time, until standard input ends.
 */
#include "common.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BLOCK_BYTES = 1 << 20, TAIL_BYTES = 4096 };

static bool
send_all(int fd, const uint8_t *data, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = send(fd, data, len, MSG_NOSIGNAL);
		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

/* Lines end where the prompt begins, so that it stands at a line's start. */
static bool
send_lines(int fd, const uint8_t *block, unsigned long bytes)
{
	size_t rest = bytes - strlen(BENCH_PROMPT), n;
	uint8_t tail[TAIL_BYTES + sizeof(BENCH_PROMPT)];

	for (; rest > TAIL_BYTES; rest -= n) {
		n = rest - TAIL_BYTES;
		if (n > BLOCK_BYTES)
			n = BLOCK_BYTES;
		if (!send_all(fd, block, n))
			return false;
	}
	bench_log_lines(tail, rest);
	memcpy(tail + rest, BENCH_PROMPT, strlen(BENCH_PROMPT));
	return send_all(fd, tail, rest + strlen(BENCH_PROMPT));
}

/* Requests are a few bytes and the client waits for the answer, but TCP
 * promises no more than the order. */
static bool
read_request(int fd, unsigned long *bytes)
{
	char line[32];
	size_t at = 0;

	while (at < sizeof(line) - 1) {
		if (recv(fd, line + at, 1, 0) != 1)
			return false;
		if (line[at] == '\n')
			break;
		if (line[at] != '\r')
			at++;
	}
	line[at] = '\0';
	*bytes = bench_number(line);
	return *bytes > strlen(BENCH_PROMPT);
}

static void
serve(int fd, const uint8_t *block)
{
	unsigned long bytes;

	while (read_request(fd, &bytes) && send_lines(fd, block, bytes))
		continue;
	close(fd);
}

int
main(void)
{
	uint8_t *block = bench_alloc(BLOCK_BYTES);
	struct pollfd fds[2] = { { .events = POLLIN }, { .events = POLLIN } };
	unsigned port;
	int fd;

	bench_log_lines(block, BLOCK_BYTES);
	fds[1].fd = bench_listen(&port);
	printf("%u\n", port);
	fflush(stdout);
	for (;;) {
		if (poll(fds, 2, -1) == -1 && errno != EINTR)
			bench_die("poll");
		if (fds[0].revents != 0)
			break;
		if ((fds[1].revents & POLLIN) == 0)
			continue;
		fd = bench_accept(fds[1].fd);
		if (fd != -1)
			serve(fd, block);
	}
	free(block);
	return 0;
}
