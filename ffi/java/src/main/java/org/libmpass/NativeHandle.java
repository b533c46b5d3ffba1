package org.libmpass;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * An object that the engine holds for Java. It is freed once: by {@link #close}, or when it is no
 * longer referenced. It is never freed while a native method uses it.
 */
abstract class NativeHandle implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  private final State state;
  private final Cleaner.Cleanable cleanable;

  NativeHandle(long pointer) {
    state = new State(pointer, getClass().getSimpleName());
    cleanable = CLEANER.register(this, state);
  }

  /** Has no reference to the handle, so that the cleaner does not keep it alive. */
  private static final class State implements Runnable {
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final byte[] NOTHING = {};

    private final long pointer;
    private final String name;
    /** The number of native calls that use it; negative once it is closed. */
    private final AtomicInteger users = new AtomicInteger();

    State(long pointer, String name) {
      this.pointer = pointer;
      this.name = name;
    }

    void enter() {
      int before;
      do {
        before = users.get();
        if (before < 0) {
          throw new IllegalStateException("the " + name + " is closed");
        }
      } while (!users.compareAndSet(before, before + 1));
    }

    void leave() {
      if (users.decrementAndGet() == CLOSED) {
        free();
      }
    }

    private void free() {
      Natives.call(Operation.FREE, pointer, NOTHING);
    }

    @Override
    public void run() {
      if (users.getAndUpdate(count -> count | CLOSED) == 0) {
        free();
      }
    }
  }

  /** Returns the pointer, valid until {@link #leave}, which must follow. */
  final long enter() {
    state.enter();
    return state.pointer;
  }

  final void leave() {
    state.leave();
    Reference.reachabilityFence(this);
  }

  /** Calls {@code work} with the pointer, which stays valid during the call. */
  final <T> T use(LongFunction<T> work) {
    long pointer = enter();
    try {
      return work.apply(pointer);
    } finally {
      leave();
    }
  }

  /** Calls {@code work} with the pointers of many; the list must not change during the call. */
  static <T> T useAll(List<? extends NativeHandle> handles, Function<long[], T> work) {
    long[] pointers = new long[handles.size()];
    int entered = 0;
    try {
      for (NativeHandle handle : handles) {
        pointers[entered] = handle.enter();
        entered++;
      }
      return work.apply(pointers);
    } finally {
      for (NativeHandle handle : handles.subList(0, entered)) {
        handle.leave();
      }
    }
  }

  /** Performs an operation on the pointer. */
  final <T> T call(int operation, Packer input, Function<Unpacker, T> read) {
    try {
      return use(pointer -> Wire.call(operation, pointer, input, read));
    } finally {
      input.wipe();
    }
  }

  /** Performs an operation that takes a second pointer before the rest of its input. */
  final <T> T callWith(
      int operation,
      Packer before,
      NativeHandle other,
      java.util.function.UnaryOperator<Packer> after,
      Function<Unpacker, T> read) {
    try {
      return other.use(
          pointer -> call(operation, after.apply(before.i64(pointer)), read));
    } finally {
      before.wipe();
    }
  }

  /**
   * Frees the object and wipes its secrets. Closing again has no effect; all other methods throw
   * {@link IllegalStateException} afterwards. Calls that other threads have begun complete
   * normally.
   */
  @Override
  public void close() {
    cleanable.clean();
  }
}
