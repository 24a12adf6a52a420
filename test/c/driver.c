/*
 * Plays a script of operations: kind, slot, and two numbers, words from standard input. Writes the
 * address of each block, counted from the beginning of the memory, to standard output.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocator.h"

enum { ALIGNMENT = 1 << 20 };

int main(int argc, char **argv) {
  const size_t bytes = argc > 1 ? strtoul(argv[1], NULL, 10) : 0u;
  unsigned char *reserved = malloc(bytes + ALIGNMENT);
  unsigned char *memory = reserved + (ALIGNMENT - (uintptr_t)reserved % ALIGNMENT) % ALIGNMENT;
  if (reserved == NULL || !tested_heap_init(memory, memory + bytes)) return 2;
  uint32_t operation[4];
  static unsigned char *blocks[1 << 20];
  static size_t sizes[1 << 20];
  while (fread(operation, sizeof operation, 1, stdin) == 1) {
    const uint32_t slot = operation[1], a = operation[2], b = operation[3];
    unsigned char *old = blocks[slot];
    unsigned char *block = NULL;
    size_t size = a;
    if (operation[0] != 3u) tested_free(old);
    if (operation[0] == 0u) block = tested_malloc(a);
    if (operation[0] == 1u) block = tested_calloc(a, b), size = (size_t)a * b;
    if (operation[0] == 2u) block = tested_aligned_alloc(b, a);
    if (operation[0] == 3u) block = tested_realloc(old, a);
    if (operation[0] == 5u) tested_heap_collect();
    if (operation[0] == 1u && block != NULL) {
      for (size_t i = 0; i < size; i++) {
        if (block[i] != 0) return 3;
      }
    }
    if (operation[0] == 3u && block == NULL && a > 0u) {
      block = old;
      size = sizes[slot];
    }
    if (block != NULL) {
      if (tested_malloc_usable_size(block) < size) return 4;
      /* All of it is the caller's. */
      memset(block, (int)(slot & 255u) + 1, size);
    }
    blocks[slot] = block;
    sizes[slot] = size;
    const uint32_t address = block == NULL ? 0u : (uint32_t)(block - memory);
    if (fwrite(&address, sizeof address, 1, stdout) != 1) return 5;
  }
  free(reserved);
  return 0;
}
