;; Counts words, in a binary tree. The module is what a C compiler makes of a program that is linked
;; without a malloc of its own: memory, malloc and free are imported from `env`, and `__heap_base`
;; says where the program's own data and stack end.
;;
;;   node   0 before   4 after   8 count   12 length   16 the word
(module
  (import "env" "memory" (memory 2))
  (import "env" "malloc" (func $malloc (param $size i32) (result i32)))
  (import "env" "free" (func $free (param $ptr i32)))
  (global (export "__heap_base") i32 (i32.const 66832))

  ;; 1024: each character as a small letter, or 0. 1280: the root of the tree. Then 64 KiB of stack.
  (data (i32.const 1089) "abcdefghijklmnopqrstuvwxyz")
  (data (i32.const 1121) "abcdefghijklmnopqrstuvwxyz")
  (global $root i32 (i32.const 1280))

  (func $letter (param $at i32) (result i32)
    (i32.load8_u (i32.add (i32.const 1024) (i32.load8_u (local.get $at)))))

  ;; Negative: the first word comes before the second. Positive: after it. 0: they are the same.
  (func $compare
    (param $a i32) (param $a_length i32) (param $b i32) (param $b_length i32) (result i32)
    (local $i i32) (local $difference i32)
    (loop $next
      (if (i32.eq (local.get $i) (local.get $a_length))
        (then (return (i32.sub (local.get $a_length) (local.get $b_length)))))
      (if (i32.eq (local.get $i) (local.get $b_length)) (then (return (i32.const 1))))
      (local.set $difference (i32.sub
        (i32.load8_u (i32.add (local.get $a) (local.get $i)))
        (i32.load8_u (i32.add (local.get $b) (local.get $i)))))
      (if (local.get $difference) (then (return (local.get $difference))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $next))
    (unreachable))

  ;; Address of the word's node, or of the 0 where it would be hung in.
  (func $find_link (param $word i32) (param $length i32) (result i32)
    (local $link i32) (local $node i32) (local $order i32)
    (local.set $link (global.get $root))
    (loop $down
      (local.set $node (i32.load (local.get $link)))
      (if (i32.eqz (local.get $node)) (then (return (local.get $link))))
      (local.set $order (call $compare
        (local.get $word) (local.get $length)
        (i32.add (local.get $node) (i32.const 16)) (i32.load offset=12 (local.get $node))))
      (if (i32.eqz (local.get $order)) (then (return (local.get $link))))
      (local.set $link (i32.add
        (local.get $node)
        (i32.shl (i32.gt_s (local.get $order) (i32.const 0)) (i32.const 2))))
      (br $down))
    (unreachable))

  ;; Counts a word; 0 where there is no memory for its node.
  (func $count_word (param $word i32) (param $length i32) (result i32)
    (local $link i32) (local $node i32)
    (local.set $link (call $find_link (local.get $word) (local.get $length)))
    (local.set $node (i32.load (local.get $link)))
    (if (i32.eqz (local.get $node))
      (then
        (local.set $node (call $malloc (i32.add (local.get $length) (i32.const 16))))
        (if (i32.eqz (local.get $node)) (then (return (i32.const 0))))
        (memory.fill (local.get $node) (i32.const 0) (i32.const 12))
        (i32.store offset=12 (local.get $node) (local.get $length))
        (memory.copy
          (i32.add (local.get $node) (i32.const 16)) (local.get $word) (local.get $length))
        (i32.store (local.get $link) (local.get $node))))
    (i32.store offset=8
      (local.get $node)
      (i32.add (i32.load offset=8 (local.get $node)) (i32.const 1)))
    (i32.const 1))

  ;; Counts the words of a text, which becomes small letters. 0 where there was no memory for one.
  (func (export "count_words") (param $text i32) (param $length i32) (result i32)
    (local $end i32) (local $word i32)
    (local.set $end (i32.add (local.get $text) (local.get $length)))
    (loop $next
      (local.set $word (local.get $text))
      (block $word_ends
        (loop $letters
          (br_if $word_ends (i32.ge_u (local.get $text) (local.get $end)))
          (br_if $word_ends (i32.eqz (call $letter (local.get $text))))
          (i32.store8 (local.get $text) (call $letter (local.get $text)))
          (local.set $text (i32.add (local.get $text) (i32.const 1)))
          (br $letters)))
      (if (i32.gt_u (local.get $text) (local.get $word))
        (then
          (if (i32.eqz
                (call $count_word (local.get $word) (i32.sub (local.get $text) (local.get $word))))
            (then (return (i32.const 0))))))
      (local.set $text (i32.add (local.get $text) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $text) (local.get $end))))
    (i32.const 1))

  ;; How often the word, in small letters, was counted.
  (func (export "count_of") (param $word i32) (param $length i32) (result i32)
    (local $node i32)
    (local.set $node (i32.load (call $find_link (local.get $word) (local.get $length))))
    (if (result i32) (local.get $node)
      (then (i32.load offset=8 (local.get $node)))
      (else (i32.const 0))))

  (func $free_tree (param $node i32)
    (if (local.get $node)
      (then
        (call $free_tree (i32.load (local.get $node)))
        (call $free_tree (i32.load offset=4 (local.get $node)))
        (call $free (local.get $node)))))

  (func (export "forget_words")
    (call $free_tree (i32.load (global.get $root)))
    (i32.store (global.get $root) (i32.const 0)))
)
