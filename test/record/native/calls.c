/*
 * Allocates in every way there is. What is recorded of `calls MODE` a test knows.
 *
 *   calls     each call once
 *   threads   four threads that exchange blocks through boxes
 *   brief     1000 threads, one after the other
 *   fork      a child frees what its parent allocated, in both of its threads
 *   exec      becomes `calls calls`
 *   killed    kills itself
 */
#define _GNU_SOURCE
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void calls(void) {
  char *a = malloc(1001), *b = calloc(7, 143), *c = NULL;
  a = realloc(a, 2002);
  b = realloc(b, 100003);
  c = realloc(c, 3003);
  void *d = NULL, *e = memalign(256, 4004), *f = aligned_alloc(64, 5056), *g = valloc(6006);
  if (posix_memalign(&d, 1024, 7007) != 0) abort();
  a = reallocarray(a, 8, 1001);
  free(a);
  free(b);
  free(NULL);
  if (realloc(c, 0) != NULL) abort();
  free(d);
  free(e);
  free(f);
  /* g stays. */
  *(volatile char *)g = 1;
}

#define BOXES 64
static _Atomic(void *) boxes[BOXES];

static void *exchange(void *seed) {
  uint32_t state = (uint32_t)(uintptr_t)seed;
  for (int i = 0; i < 20000; i++) {
    state = state * 1664525 + 1013904223;
    void *block = atomic_exchange(&boxes[state >> 26], malloc(1 + (state >> 8) % 600));
    if ((state & 0x30000) == 0) block = realloc(block, 1 + (state >> 12) % 3000);
    free(block);
  }
  return NULL;
}

static void threads(void) {
  pthread_t others[3];
  for (uintptr_t i = 0; i < 3; i++) pthread_create(&others[i], NULL, exchange, (void *)(i + 1));
  exchange((void *)4);
  for (int i = 0; i < 3; i++) pthread_join(others[i], NULL);
  for (int i = 0; i < BOXES; i++) free(boxes[i]);
}

static void *allocate_one(void *unused) {
  free(malloc(777));
  return unused;
}

static void brief(void) {
  for (int i = 0; i < 1000; i++) {
    pthread_t thread;
    pthread_create(&thread, NULL, allocate_one, NULL);
    pthread_join(thread, NULL);
  }
}

static void *grown;

static void *free_grown(void *unused) {
  free(grown);
  return unused;
}

static void fork_off(void) {
  char *before = malloc(1111);
  char *aligned = memalign(512, 2222);
  grown = malloc(10);
  grown = realloc(grown, 3333);
  free(malloc(4444));
  if (fork() == 0) {
    pthread_t thread;
    pthread_create(&thread, NULL, free_grown, NULL);
    pthread_join(thread, NULL);
    free(before);
    free(aligned);
    free(malloc(5555));
    _exit(0);
  }
  int status;
  wait(&status);
  free(before);
  free(malloc(6666));
}

int main(int count, char **words) {
  const char *mode = count > 1 ? words[1] : "calls";
  if (strcmp(mode, "calls") == 0) calls();
  if (strcmp(mode, "threads") == 0) threads();
  if (strcmp(mode, "brief") == 0) brief();
  if (strcmp(mode, "fork") == 0) fork_off();
  if (strcmp(mode, "exec") == 0 && malloc(8888) != NULL) execl(words[0], words[0], "calls", NULL);
  if (strcmp(mode, "killed") == 0) {
    calls();
    kill(getpid(), SIGKILL);
  }
  return 7;
}
