/*
 * lookup.c - getaddrinfo() in a thread, so that a slow resolver costs a
 * session no more than its own time-out.
 */
#include "session/lookup.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nvt/error.h>

/* Enough for resolver plug-ins, which put kilobytes of buffers on the stack. */
#define THREAD_STACK ((size_t)512 << 10)

#define PORT_MAX 65535

struct nvt__lookup {
	atomic_int refs; /* the caller's and the thread's */
	atomic_bool done;
	int fd;
	int family;
	bool numeric_service;
	struct addrinfo *list;
	int error;
	int system;
	char *host; /* behind the struct, in the same allocation */
	char *service;
};

/* These two must work where there is no /etc/services. */
static const char *
well_known(const char *service)
{
	if (service == NULL || service[0] == '\0' ||
	    strcasecmp(service, "telnet") == 0)
		return "23";
	if (strcasecmp(service, "telnets") == 0)
		return "992";
	return service;
}

static bool
is_number(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* getaddrinfo() cuts a number to 16 bits without a word. */
static bool
is_port(const char *number)
{
	return strtoul(number, NULL, 10) <= PORT_MAX;
}

static void
release(struct nvt__lookup *l)
{
	if (atomic_fetch_sub(&l->refs, 1) > 1)
		return;
	if (l->list != NULL)
		freeaddrinfo(l->list);
	if (l->fd >= 0)
		(void)close(l->fd);
	free(l);
}

static void
finish(struct nvt__lookup *l, int error, int system)
{
	l->error = error;
	l->system = system;
	atomic_store(&l->done, true);
}

static int
ask(struct nvt__lookup *l, int flags)
{
	struct addrinfo hints = {
		.ai_family = l->family == 0 ? AF_UNSPEC : l->family,
		.ai_socktype = SOCK_STREAM,
		.ai_protocol = IPPROTO_TCP,
		.ai_flags = flags | (l->numeric_service ? AI_NUMERICSERV : 0),
	};
	int error;

	error = getaddrinfo(l->host, l->service, &hints, &l->list);
	if (error != 0)
		l->list = NULL;
	return error;
}

static void *
resolve(void *arg)
{
	struct nvt__lookup *l = arg;
	const uint64_t one = 1;
	int error;

	error = ask(l, 0);
	finish(l, error, errno);
	/* It cannot be full, and a caller who gave up does not read it. */
	if (write(l->fd, &one, sizeof(one)) < 0)
		l->system = errno;
	release(l);
	return NULL;
}

/* The program's signals are not for this thread. */
static int
start_thread(struct nvt__lookup *l)
{
	pthread_attr_t attr;
	pthread_t thread;
	sigset_t all, before;
	int err;

	err = pthread_attr_init(&attr);
	if (err != 0)
		return err;
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	(void)pthread_attr_setstacksize(&attr, THREAD_STACK);
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&thread, &attr, resolve, l);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&attr);
	return err;
}

static void
resolve_in_thread(struct nvt__lookup *l)
{
	int err;

	l->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (l->fd < 0) {
		finish(l, EAI_SYSTEM, errno);
		return;
	}
	atomic_fetch_add(&l->refs, 1);
	err = start_thread(l);
	if (err != 0) {
		atomic_fetch_sub(&l->refs, 1);
		finish(l, EAI_SYSTEM, err);
	}
}

static void
begin(struct nvt__lookup *l)
{
	int error;

	if (l->numeric_service && !is_port(l->service)) {
		finish(l, EAI_SERVICE, 0);
		return;
	}
	/* Only numbers are sure to need no file and no network. */
	if (l->numeric_service) {
		error = ask(l, AI_NUMERICHOST);
		if (error != EAI_NONAME) {
			finish(l, error, errno);
			return;
		}
	}
	resolve_in_thread(l);
}

int
nvt__lookup_new(
    const char *host, const char *service, int family, struct nvt__lookup **out)
{
	struct nvt__lookup *l;
	size_t host_size, service_size;

	service = well_known(service);
	host_size = strlen(host) + 1;
	service_size = strlen(service) + 1;
	l = malloc(sizeof(*l) + host_size + service_size);
	if (l == NULL)
		return NVT_ERR_NOMEM;
	*l = (struct nvt__lookup){
		.fd = -1,
		.family = family,
		.numeric_service = is_number(service),
		.host = (char *)(l + 1),
		.service = (char *)(l + 1) + host_size,
	};
	atomic_init(&l->refs, 1);
	atomic_init(&l->done, false);
	memcpy(l->host, host, host_size);
	memcpy(l->service, service, service_size);
	begin(l);
	*out = l;
	return 0;
}

void
nvt__lookup_free(struct nvt__lookup *l)
{
	if (l != NULL)
		release(l);
}

int
nvt__lookup_fd(const struct nvt__lookup *l)
{
	return l->fd;
}

bool
nvt__lookup_answer(const struct nvt__lookup *l, struct nvt__lookup_answer *out)
{
	if (!atomic_load(&l->done))
		return false;
	out->list = l->list;
	out->error = l->error;
	out->system = l->system;
	return true;
}

const char *
nvt__lookup_host(const struct nvt__lookup *l)
{
	return l->host;
}

const char *
nvt__lookup_service(const struct nvt__lookup *l)
{
	return l->service;
}
