/*
 * Scripts of several threads, as threads/script.ts writes them. The threads live as long as the twin does and
 * meet at a barrier before and after every run. A run of `script` goes through each once; of `clock` it lasts as long as it
 * shall, and the calls made in time are counted.
 *
 *   threads, flags, cells, calls when each goes through its script once, then slots and length of each, then the scripts
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>
#include "twin.h"

typedef struct {
  const int32_t *words;
  int32_t length;
  void **slots;
} script_t;

static atomic_uintptr_t *flags;
static _Atomic(void *) *cells;
static atomic_bool over;
static atomic_llong calls;
static pthread_barrier_t start, finish;

static size_t script_blocks(const int32_t *words) {
  size_t blocks = (size_t)words[1] + (size_t)words[2];
  for (int32_t i = 0; i < words[0]; i++) blocks += (size_t)words[4 + 2 * i];
  return blocks;
}

static void await_flag(atomic_uintptr_t *flag) {
  while (atomic_load_explicit(flag, memory_order_acquire) == 0) sched_yield();
  atomic_store_explicit(flag, 0, memory_order_release);
}

/* Answers how many calls were made in time. */
static long long perform(const script_t *script) {
  void **slots = script->slots;
  uintptr_t base = 0;
  long long made = 0;
  for (int32_t i = 0; i < script->length; i += 2) {
    const uint32_t word = (uint32_t)script->words[i];
    const uint32_t value = (uint32_t)script->words[i + 1];
    const uint32_t slot = word >> 4;
    switch (word & 15) {
      case 0: slots[slot] = HEAP_MALLOC(value); break;
      case 1: HEAP_FREE(slots[slot]); break;
      case 2: slots[slot] = HEAP_REALLOC(slots[slot], value); break;
      case 3: slots[slot] = HEAP_CALLOC(1, value); break;
      case 4:
        i += 2;
        slots[slot] = HEAP_MEMALIGN((size_t)script->words[i], value);
        break;
      case 5: {
        volatile unsigned char *block = slots[slot];
        for (uint32_t time = 0; time < value; time++) *block = (unsigned char)time;
        break;
      }
      case 6: atomic_store_explicit(&cells[base + value], slots[slot], memory_order_relaxed); break;
      case 7: atomic_store_explicit(&flags[value], 1, memory_order_release); break;
      case 8: await_flag(&flags[value]); break;
      case 9: slots[slot] = atomic_load_explicit(&cells[base + value], memory_order_relaxed); break;
      case 10:
        if (!atomic_load_explicit(&over, memory_order_relaxed)) made += value;
        break;
      case 11:
        if (!atomic_load_explicit(&over, memory_order_relaxed)) i = (int32_t)value - 2;
        break;
      case 12: base = value; break;
      case 13: base = (uintptr_t)atomic_exchange(&cells[value], (void *)base); break;
      default:
        HEAP_FREE(slots[slot]);
        slots[slot] = HEAP_MALLOC(value);
        *(volatile unsigned char *)slots[slot] = 1;
    }
  }
  return made;
}

static void *member(void *argument) {
  const script_t *script = argument;
  for (;;) {
    pthread_barrier_wait(&start);
    atomic_fetch_add(&calls, perform(script));
    pthread_barrier_wait(&finish);
  }
  return NULL;
}

/* Once, before the first run. The scripts stay where they are told: threads never end. */
static void start_threads(const input_t *input) {
  static script_t scripts[256];
  const int32_t threads = input->words[0];
  const int32_t *words = input->words + 4 + 2 * threads;
  void **slots = input->blocks + input->words[1] + input->words[2];
  flags = (atomic_uintptr_t *)input->blocks;
  cells = (_Atomic(void *) *)(input->blocks + input->words[1]);
  pthread_barrier_init(&start, NULL, (unsigned)threads + 1);
  pthread_barrier_init(&finish, NULL, (unsigned)threads + 1);
  for (int32_t i = 0; i < threads; i++) {
    const int32_t length = input->words[5 + 2 * i];
    pthread_t thread;
    scripts[i] = (script_t){words, length, slots};
    slots += input->words[4 + 2 * i];
    words += length;
    pthread_create(&thread, NULL, member, &scripts[i]);
  }
}

static void script_start(const input_t *input, bool is_over) {
  if (cells == NULL) start_threads(input);
  atomic_store(&over, is_over);
  atomic_store(&calls, 0);
  pthread_barrier_wait(&start);
}

static void script_run(const input_t *input) {
  script_start(input, true);
  pthread_barrier_wait(&finish);
}

static double clock_sample(const input_t *input, double seconds) {
  script_start(input, false);
  const double begin = now();
  usleep((useconds_t)(seconds * 1e6));
  atomic_store(&over, true);
  const double elapsed = now() - begin;
  pthread_barrier_wait(&finish);
  /* Threads that got no processor in so short a time are given a longer one. */
  if (calls == 0) return clock_sample(input, 2 * elapsed);
  return elapsed * input->words[3] / (double)calls;
}

const loop_t script_loop = {"script", script_blocks, script_run};
const loop_t clock_loop = {"clock", script_blocks, NULL, clock_sample};
