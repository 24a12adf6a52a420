/* W7: operations, ids, an alignment per id, then two words per operation: id << 3 | kind, size. */
#include "twin.h"

static size_t replay_blocks(const int32_t *words) { return (size_t)words[1]; }

static void replay_run(const input_t *input) {
  const int32_t operations = input->words[0];
  const int32_t *alignments = input->words + 2;
  const int32_t *words = alignments + input->words[1];
  void **blocks = input->blocks;
  for (int32_t i = 0; i < operations * 2; i += 2) {
    const uint32_t word = (uint32_t)words[i];
    const uint32_t id = word >> 3;
    const size_t size = (size_t)words[i + 1];
    switch (word & 7) {
      case 0: blocks[id] = HEAP_MALLOC(size); break;
      case 1: HEAP_FREE(blocks[id]); break;
      case 2: blocks[id] = HEAP_REALLOC(blocks[id], size); break;
      case 3: blocks[id] = HEAP_CALLOC(1, size); break;
      default: blocks[id] = HEAP_MEMALIGN((size_t)alignments[id], size);
    }
  }
}

const loop_t replay_loop = {"replay", replay_blocks, replay_run};
