/*
 * Records the calls of malloc and its relatives, of whatever program this library is preloaded
 * into. `event-file.ts` reads what it writes.
 *
 * Each process writes a file of its own, through a shared mapping: so what was recorded is in the
 * file however the process ends. A thread writes to a chunk of its own; events of all threads are
 * put in order by their tickets. After a fork the child begins a file of its own.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))
/* Thread-local words that need no allocation when they are first touched. */
#define THREAD_LOCAL static __thread __attribute__((tls_model("initial-exec")))
#define RARELY(condition) __builtin_expect(!!(condition), 0)

/* As in event.ts. */
enum { MALLOC, FREE, CALLOC, MEMALIGN, ALIGNMENT, REALLOC_FROM, REALLOC_TO };

/* Words of 64 bits: address | kind, ~size, and the ticket, which is written last. */
struct event {
  uint64_t word, size;
  _Atomic uint64_t ticket;
};

#define CHUNK_BYTES (1 << 18)
struct chunk {
  uint64_t thread;
  uint64_t unused[2];
  struct event events[CHUNK_BYTES / sizeof(struct event) - 1];
};

/* The first chunk of a file. */
struct head {
  char magic[16];
  uint64_t pid, started, fork_ticket;
  char parent[256]; /* of a forked process: the name of its parent's file */
  char command[2048]; /* words that end with zeros, as in /proc/self/cmdline */
};

static struct {
  /*
   * Once there is a file: 1 in the process that began it, 0 in a process that was forked since, by
   * MADV_WIPEONFORK.
   */
  int *_Atomic alive;
  int is_off;
  char file[1024];
  _Atomic uint64_t ticket, chunks, threads;
} recording = { .ticket = 1 };

/* Of the calling thread: its number, the next event and the end of its chunk. */
THREAD_LOCAL uint64_t thread_number;
THREAD_LOCAL struct event *next_event, *end_of_chunk;
/* What the recorder itself allocates is not recorded. */
THREAD_LOCAL int is_busy;
static _Atomic int is_starting;
static pthread_key_t chunk_key;

static void *map_chunk(uint64_t index) {
  /* Opened anew each time: a program may close files that it did not open. */
  int file = open(recording.file, O_RDWR | O_CLOEXEC);
  if (file < 0) return NULL;
  off_t start = (off_t)index * CHUNK_BYTES;
  void *chunk = MAP_FAILED;
  if (pwrite(file, "", 1, start + CHUNK_BYTES - 1) == 1)
    chunk = mmap(NULL, CHUNK_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, start);
  close(file);
  return chunk == MAP_FAILED ? NULL : chunk;
}

/* Whether the program is one of those that the command names, as ":node:bun:". */
static int is_left_out(void) {
  const char *names = getenv("SLABSMITH_RECORD_LEAVE_OUT");
  char path[1024], name[1030];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (names == NULL || length <= 0) return 0;
  path[length] = 0;
  char *slash = strrchr(path, '/');
  snprintf(name, sizeof name, ":%s:", slash == NULL ? path : slash + 1);
  return strstr(names, name) != NULL;
}

/* Begins a file; `parent` is the file of the process that forked this one, or empty. */
static int begin_file(const char *parent, uint64_t fork_ticket) {
  const char *folder = getenv("SLABSMITH_RECORD");
  if (folder == NULL || is_left_out()) return 0;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  uint64_t started = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
  snprintf(recording.file, sizeof recording.file, "%s/%ld-%llu.events", folder, (long)getpid(),
           (unsigned long long)started);
  int file = open(recording.file, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return 0;
  close(file);
  atomic_store(&recording.chunks, 1);
  atomic_store(&recording.threads, 0);
  struct head *head = map_chunk(0);
  if (head == NULL) return 0;
  head->pid = (uint64_t)getpid();
  head->started = started;
  head->fork_ticket = fork_ticket;
  snprintf(head->parent, sizeof head->parent, "%s", parent);
  int command = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  if (command >= 0) {
    if (read(command, head->command, sizeof head->command - 1) < 0) head->command[0] = 0;
    close(command);
  }
  memcpy(head->magic, "slabsmith events", sizeof head->magic);
  munmap(head, CHUNK_BYTES);
  return 1;
}

/* A thread ends: its events stay in the file. It may come back here, for destructors allocate. */
static void leave_chunk(void *chunk) {
  munmap(chunk, CHUNK_BYTES);
  next_event = end_of_chunk = NULL;
}

/* The process's first event. Should several threads come here together, one of them does it. */
static void begin_process(void) {
  if (atomic_exchange(&is_starting, 1)) {
    while (recording.alive == NULL && !recording.is_off) usleep(100);
    return;
  }
  int *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page != MAP_FAILED && madvise(page, 4096, MADV_WIPEONFORK) == 0 &&
      pthread_key_create(&chunk_key, leave_chunk) == 0 && begin_file("", 0)) {
    *page = 1;
    recording.alive = page;
  } else {
    recording.is_off = 1;
  }
}

/* A forked process has one thread, and what its parent had when it forked. */
static void begin_forked_process(void) {
  char parent[sizeof recording.file];
  strcpy(parent, strrchr(recording.file, '/') + 1);
  thread_number = 0;
  next_event = end_of_chunk = NULL;
  if (begin_file(parent, atomic_load(&recording.ticket))) *recording.alive = 1;
  else recording.is_off = 1;
}

/* Makes room for the thread's next event; 0 where nothing is recorded. */
static int make_room(void) {
  int error = errno;
  is_busy = 1;
  if (recording.alive == NULL) begin_process();
  else if (!*recording.alive) begin_forked_process();
  if (!recording.is_off) {
    if (thread_number == 0) thread_number = atomic_fetch_add(&recording.threads, 1) + 1;
    if (end_of_chunk != NULL) munmap((char *)end_of_chunk - CHUNK_BYTES, CHUNK_BYTES);
    struct chunk *chunk = map_chunk(atomic_fetch_add(&recording.chunks, 1));
    if (chunk == NULL) {
      recording.is_off = 1;
    } else {
      chunk->thread = thread_number;
      next_event = chunk->events;
      end_of_chunk = (struct event *)((char *)chunk + CHUNK_BYTES);
      pthread_setspecific(chunk_key, chunk);
    }
  }
  is_busy = 0;
  errno = error;
  return !recording.is_off;
}

static void record(int kind, const void *address, uint64_t size) {
  if (RARELY(recording.is_off || is_busy)) return;
  if (RARELY(next_event + 1 > end_of_chunk || !*recording.alive) && !make_room()) return;
  struct event *event = next_event++;
  event->word = (uint64_t)(uintptr_t)address | (uint64_t)kind;
  event->size = ~size;
  uint64_t ticket = atomic_fetch_add_explicit(&recording.ticket, 1, memory_order_acq_rel);
  atomic_store_explicit(&event->ticket, ticket, memory_order_release);
}

/* The allocator that the program would have without this library. */
static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static void *(*next_realloc)(void *, size_t);
static void *(*next_memalign)(size_t, size_t);
static int (*next_posix_memalign)(void **, size_t, size_t);
static void *(*next_aligned_alloc)(size_t, size_t);
static void *(*next_valloc)(size_t);
static void *(*next_pvalloc)(size_t);
static void (*next_free)(void *);

/* Serves the dynamic linker while it looks the others up. Never freed. */
static char bootstrap[1 << 16];
static _Atomic size_t bootstrap_used;

static void *bootstrap_alloc(size_t size) {
  size_t start = atomic_fetch_add(&bootstrap_used, (size + 31) & ~(size_t)15);
  if (start + size + 16 > sizeof bootstrap) abort();
  memcpy(bootstrap + start, &size, sizeof size);
  return bootstrap + start + 16;
}

static int is_bootstrap(const void *block) {
  return (const char *)block >= bootstrap && (const char *)block < bootstrap + sizeof bootstrap;
}

static int find_next(void) {
  THREAD_LOCAL int is_finding;
  if (is_finding) return 0;
  is_finding = 1;
  next_calloc = dlsym(RTLD_NEXT, "calloc");
  next_realloc = dlsym(RTLD_NEXT, "realloc");
  next_memalign = dlsym(RTLD_NEXT, "memalign");
  next_posix_memalign = dlsym(RTLD_NEXT, "posix_memalign");
  next_aligned_alloc = dlsym(RTLD_NEXT, "aligned_alloc");
  next_valloc = dlsym(RTLD_NEXT, "valloc");
  next_pvalloc = dlsym(RTLD_NEXT, "pvalloc");
  next_free = dlsym(RTLD_NEXT, "free");
  next_malloc = dlsym(RTLD_NEXT, "malloc");
  is_finding = 0;
  return 1;
}

#define IS_READY (next_malloc != NULL || find_next())

PUBLIC void *malloc(size_t size) {
  if (RARELY(!IS_READY)) return bootstrap_alloc(size);
  void *block = next_malloc(size);
  if (block != NULL) record(MALLOC, block, size);
  return block;
}

PUBLIC void *calloc(size_t count, size_t size) {
  if (RARELY(!IS_READY)) return bootstrap_alloc(count * size);
  void *block = next_calloc(count, size);
  if (block != NULL) record(CALLOC, block, count * size);
  return block;
}

PUBLIC void free(void *block) {
  if (block == NULL || RARELY(is_bootstrap(block) || !IS_READY)) return;
  record(FREE, block, 0);
  next_free(block);
}

PUBLIC void *realloc(void *block, size_t size) {
  if (block == NULL) return malloc(size);
  if (RARELY(is_bootstrap(block) || !IS_READY)) {
    size_t old;
    memcpy(&old, (char *)block - 16, sizeof old);
    void *moved = malloc(size);
    return moved == NULL ? NULL : memcpy(moved, block, old < size ? old : size);
  }
  if (size == 0) {
    /* Some libraries free the block, others give an empty one. */
    record(FREE, block, 0);
    void *empty = next_realloc(block, 0);
    if (empty != NULL) record(MALLOC, empty, 0);
    return empty;
  }
  record(REALLOC_FROM, block, 0);
  void *moved = next_realloc(block, size);
  record(REALLOC_TO, moved, moved == NULL ? 0 : size);
  return moved;
}

static void *aligned(size_t alignment, void *block, size_t size) {
  if (block != NULL) {
    record(ALIGNMENT, NULL, alignment);
    record(MEMALIGN, block, size);
  }
  return block;
}

PUBLIC void *memalign(size_t alignment, size_t size) {
  return IS_READY ? aligned(alignment, next_memalign(alignment, size), size) : NULL;
}

PUBLIC void *aligned_alloc(size_t alignment, size_t size) {
  return IS_READY ? aligned(alignment, next_aligned_alloc(alignment, size), size) : NULL;
}

PUBLIC int posix_memalign(void **block, size_t alignment, size_t size) {
  if (!IS_READY) return ENOMEM;
  int error = next_posix_memalign(block, alignment, size);
  if (error == 0) aligned(alignment, *block, size);
  return error;
}

PUBLIC void *valloc(size_t size) {
  return IS_READY ? aligned((size_t)getpagesize(), next_valloc(size), size) : NULL;
}

PUBLIC void *pvalloc(size_t size) {
  return IS_READY ? aligned((size_t)getpagesize(), next_pvalloc(size), size) : NULL;
}
