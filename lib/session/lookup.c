/*
 * lookup.c - getaddrinfo() in a thread, so that a slow resolver costs a
 * session no more than its own time-out.
 */
#include "session/lookup.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
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

/*
 * Who comes last destroys: the caller where there was an answer, the thread
 * where the caller had abandoned it.
 */
enum state { ASKING, ANSWERED, ABANDONED };

struct nvt__lookup {
	pthread_mutex_t mutex; /* of state, and of what it says of the rest */
	enum state state;
	struct addrinfo *list; /* the thread's while ASKING, as the next two */
	int error;
	int system;
	int fd; /* the caller's; the thread writes to it while ASKING */
	int family;
	bool numeric_service;
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
destroy(struct nvt__lookup *l)
{
	if (l->list != NULL)
		freeaddrinfo(l->list);
	(void)pthread_mutex_destroy(&l->mutex);
	free(l);
}

/* A caller who gave up has closed the descriptor, and hears nothing more. */
static void
finish(struct nvt__lookup *l, int error, int system)
{
	bool abandoned;

	(void)pthread_mutex_lock(&l->mutex);
	abandoned = l->state == ABANDONED;
	if (!abandoned) {
		l->error = error;
		l->system = system;
		l->state = ANSWERED;
		if (l->fd >= 0)
			(void)eventfd_write(l->fd, 1);
	}
	(void)pthread_mutex_unlock(&l->mutex);
	if (abandoned)
		destroy(l);
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
	int error;

	error = ask(l, 0);
	finish(l, error, errno);
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
	err = start_thread(l);
	if (err != 0)
		finish(l, EAI_SYSTEM, err);
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
		.mutex = PTHREAD_MUTEX_INITIALIZER,
		.state = ASKING,
		.fd = -1,
		.family = family,
		.numeric_service = is_number(service),
		.host = (char *)(l + 1),
		.service = (char *)(l + 1) + host_size,
	};
	memcpy(l->host, host, host_size);
	memcpy(l->service, service, service_size);
	begin(l);
	*out = l;
	return 0;
}

void
nvt__lookup_free(struct nvt__lookup *l)
{
	bool answered;

	if (l == NULL)
		return;
	(void)pthread_mutex_lock(&l->mutex);
	answered = l->state == ANSWERED;
	l->state = ABANDONED;
	if (l->fd >= 0)
		(void)close(l->fd);
	(void)pthread_mutex_unlock(&l->mutex);
	if (answered)
		destroy(l);
}

int
nvt__lookup_fd(const struct nvt__lookup *l)
{
	return l->fd;
}

bool
nvt__lookup_answer(struct nvt__lookup *l, struct nvt__lookup_answer *out)
{
	eventfd_t count;
	bool answered;

	(void)pthread_mutex_lock(&l->mutex);
	answered = l->state == ANSWERED;
	(void)pthread_mutex_unlock(&l->mutex);
	if (!answered)
		return false;
	if (l->fd >= 0)
		(void)eventfd_read(l->fd, &count);
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
