package org.libmpass;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The fields of a group that are set; all others have their defaults. Immutable. */
final class Values {
  private static final int FLAG = 1;
  private static final int NUMBER = 2;
  private static final int LIMIT = 3;
  private static final int TEXT = 4;
  private static final int BYTES = 5;
  private static final int NUMBERS = 6;
  private static final int TEXTS = 7;
  private static final int MAP = 8;

  /**
   * Boolean, Long, Limit, String, byte[], a sorted set of integers, a list of texts or a sorted
   * map of texts.
   */
  private final EnumMap<Field, Object> fields;

  private Values(EnumMap<Field, Object> fields) {
    this.fields = fields;
  }

  /** The default values of a group's fields. */
  static Values defaults(Group group) {
    return Wire.call(
        Operation.SETTINGS_DEFAULTS, new Packer().u8(group.number()), Values::read);
  }

  /** Checks the settings of a group and throws if they are refused. */
  <T> T check(Group group, Function<Unpacker, T> read) {
    return Wire.call(Operation.SETTINGS_CHECK, pack(new Packer().u8(group.number())), read);
  }

  static Values read(Unpacker input) {
    EnumMap<Field, Object> fields = new EnumMap<>(Field.class);
    for (int count = input.i32(); count > 0; count--) {
      fields.put(Field.of(input.u16()), value(input));
    }
    return new Values(fields);
  }

  private static Object value(Unpacker input) {
    int type = input.u8();
    return switch (type) {
      case FLAG -> input.bool();
      case NUMBER -> input.count();
      case LIMIT -> Limit.read(input);
      case TEXT -> input.text();
      case BYTES -> input.bytes();
      case NUMBERS -> sorted(input.list(number -> (int) number.i64()));
      case TEXTS -> input.list(Unpacker::text);
      case MAP -> map(input);
      default -> throw new IllegalStateException("libmpass: unknown type of field " + type);
    };
  }

  Packer pack(Packer output) {
    output.i32(fields.size());
    fields.forEach((field, value) -> pack(output.u16(field.number()), field.label(), value));
    return output;
  }

  /** Packs the fields that differ from earlier values, and those that are no longer set. */
  void packChanges(Values before, Packer output) {
    EnumMap<Field, Object> changed = new EnumMap<>(fields);
    changed.entrySet().removeIf(
        each -> Objects.deepEquals(each.getValue(), before.fields.get(each.getKey())));
    EnumMap<Field, Object> cleared = new EnumMap<>(before.fields);
    cleared.keySet().removeAll(fields.keySet());
    new Values(changed).pack(output);
    output.list(cleared.keySet(), (each, field) -> each.u16(field.number()));
  }

  private static void pack(Packer output, String name, Object value) {
    if (value instanceof Boolean flag) {
      output.u8(FLAG).bool(flag);
    } else if (value instanceof Long number) {
      output.u8(NUMBER).i64(number);
    } else if (value instanceof Limit limit) {
      limit.pack(output.u8(LIMIT));
    } else if (value instanceof String text) {
      output.u8(TEXT).text(text, name);
    } else if (value instanceof byte[] bytes) {
      output.u8(BYTES).bytes(bytes);
    } else if (value instanceof SortedSet<?> numbers) {
      output.u8(NUMBERS).list(numbers, (each, number) -> each.i64((Integer) number));
    } else if (value instanceof SortedMap<?, ?> map) {
      output
          .u8(MAP)
          .list(
              map.entrySet(),
              (each, entry) ->
                  each.text((String) entry.getKey(), name).text((String) entry.getValue(), name));
    } else {
      output.u8(TEXTS).list((List<?>) value, (each, text) -> each.text((String) text, name));
    }
  }

  private static SortedSet<Integer> sorted(Collection<Integer> numbers) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(numbers));
  }

  private static SortedMap<String, String> map(Unpacker input) {
    SortedMap<String, String> map = new TreeMap<>();
    for (int count = input.i32(); count > 0; count--) {
      map.put(input.text(), input.text());
    }
    return Collections.unmodifiableSortedMap(map);
  }

  private Values put(Field field, Object value) {
    EnumMap<Field, Object> changed = new EnumMap<>(fields);
    changed.put(field, Check.given(value, field.label()));
    return new Values(changed);
  }

  Values with(Field field, boolean value) {
    return put(field, value);
  }

  /** Sets an int, whose range the engine checks. */
  Values with(Field field, int value) {
    return put(field, (long) value);
  }

  Values with(Field field, long value) {
    return put(field, Check.count(value, field.label()));
  }

  Values with(Field field, Duration value) {
    return put(field, Check.millis(value, field.label()));
  }

  Values with(Field field, Limit value) {
    return put(field, value);
  }

  Values with(Field field, String value) {
    return put(field, value);
  }

  Values with(Field field, byte[] value) {
    return put(field, Check.given(value, field.label()).clone());
  }

  Values with(Field field, int[] value) {
    return put(field, sorted(Arrays.stream(value).boxed().toList()));
  }

  Values with(Field field, List<String> value) {
    return put(field, List.copyOf(value));
  }

  Values with(Field field, Map<String, String> value) {
    return put(field, Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(value))));
  }

  Values without(Field field) {
    EnumMap<Field, Object> changed = new EnumMap<>(fields);
    changed.remove(field);
    return new Values(changed);
  }

  /** Only these fields. */
  Values only(Collection<Field> kept) {
    EnumMap<Field, Object> changed = new EnumMap<>(fields);
    changed.keySet().retainAll(kept);
    return new Values(changed);
  }

  /** With these fields taken from other values. */
  Values with(Collection<Field> replaced, Values other) {
    EnumMap<Field, Object> changed = new EnumMap<>(fields);
    changed.keySet().removeAll(replaced);
    changed.putAll(other.fields);
    return new Values(changed);
  }

  /** The value of an optional field. */
  <T> Optional<T> optional(Field field, BiFunction<Values, Field, T> read) {
    return fields.containsKey(field) ? Optional.of(read.apply(this, field)) : Optional.empty();
  }

  boolean flag(Field field) {
    return (Boolean) fields.get(field);
  }

  int integer(Field field) {
    return (int) number(field);
  }

  long number(Field field) {
    return (Long) fields.get(field);
  }

  Duration duration(Field field) {
    return Duration.ofMillis(number(field));
  }

  Limit limit(Field field) {
    return (Limit) fields.get(field);
  }

  String text(Field field) {
    return (String) fields.get(field);
  }

  byte[] bytes(Field field) {
    return ((byte[]) fields.get(field)).clone();
  }

  @SuppressWarnings("unchecked") // The field has this type.
  SortedSet<Integer> numbers(Field field) {
    return (SortedSet<Integer>) fields.get(field);
  }

  @SuppressWarnings("unchecked") // The field has this type.
  List<String> texts(Field field) {
    return (List<String>) fields.get(field);
  }

  @SuppressWarnings("unchecked") // The field has this type.
  SortedMap<String, String> map(Field field) {
    return (SortedMap<String, String>) fields.get(field);
  }

  private byte[] packed() {
    return pack(new Packer()).take();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Values values && Arrays.equals(packed(), values.packed());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(packed());
  }

  @Override
  public String toString() {
    return fields.toString();
  }
}
