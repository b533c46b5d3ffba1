package org.libmpass;

/** Conversions between packed values and the types of the public interfaces. */
final class Readings {
  private Readings() {}

  static Attempt attempt(Unpacker output) {
    return output.u8() == 0
        ? new Attempt.Counted(Pending.read(output, verdict -> Verdict.of(verdict.u8())))
        : new Attempt.Told(Verdict.of(output.u8()));
  }

  static Issue issue(Unpacker output) {
    return switch (output.u8()) {
      case 0 -> new Issue.Ready(Pending.read(output, Issued::new));
      case 1 -> new Issue.Refused(Refusal.read(output));
      default -> new Issue.Corrected(Refusal.read(output), Pending.read(output));
    };
  }

  /** The outcome of issuing on a store. */
  static Issuance issuance(Unpacker output) {
    return output.u8() == 0
        ? new Issuance.Granted(new Issued(output))
        : new Issuance.Refused(Refusal.read(output));
  }

  /** The outcome of an attempt on a store. */
  static Verdict verdict(Unpacker output) {
    return Verdict.of(output.u8());
  }

  // The outcomes of a swap.
  private static final int CONFLICT = 0;
  private static final int STORED = 1;
  private static final int EXPIRED = 2;

  static Swapped swapped(Unpacker output) {
    return switch (output.u8()) {
      case STORED -> Swapped.stored();
      case EXPIRED -> Swapped.expired();
      default -> Swapped.conflict(output.optional(Unpacker::bytes));
    };
  }

  static void swapped(Packer answer, Swapped swapped) {
    if (swapped instanceof Swapped.Conflict conflict) {
      answer.u8(CONFLICT).optional(conflict.current().orElse(null), Packer::bytes);
    } else {
      answer.u8(swapped instanceof Swapped.Expired ? EXPIRED : STORED);
    }
  }

  static Step step(Unpacker output) {
    return step(output.u8(), output);
  }

  static Step step(int number, Unpacker output) {
    return switch (StepKind.of(number)) {
      case LOAD -> new Step.Load(Kind.of(output.u8()), StoreKey.read(output));
      case SWAP -> new Step.Replace(Swap.read(output));
      case ASSESS -> new Step.Assess(new PhoneNumber(output), output.optional(Unpacker::u16));
      case DELIVER -> new Step.Deliver(Sms.read(output));
      case REPLY -> new Step.Done(Reply.read(output));
      case INTROSPECT -> new Step.Introspect(output.text());
      case RESOLVE -> new Step.Resolve(output.address());
      case SIGNING_KEYS -> new Step.ListSigningKeys();
      case SIGN -> new Step.Sign(Rs256.read(output), output.bytes());
      case CHECK_SIGNATURE ->
          new Step.CheckSignature(Rs256.read(output), output.bytes(), output.bytes());
    };
  }

  /** Packs the number of an answer and its value. */
  static Packer answer(Answer answer) {
    if (answer instanceof Answer.Loaded loaded) {
      return kind(AnswerKind.LOADED).optional(loaded.value().orElse(null), Packer::bytes);
    }
    if (answer instanceof Answer.Conflict conflict) {
      return kind(AnswerKind.CONFLICT).optional(conflict.current().orElse(null), Packer::bytes);
    }
    if (answer instanceof Answer.Assessed assessed) {
      return assessment(kind(AnswerKind.ASSESSED), assessed.assessment());
    }
    if (answer instanceof Answer.Introspected introspected) {
      return kind(AnswerKind.INTROSPECTED)
          .optional(introspected.introspection().orElse(null), Introspection::pack);
    }
    if (answer instanceof Answer.Resolved resolved) {
      return kind(AnswerKind.RESOLVED).optional(resolved.number().orElse(null), Packer::number);
    }
    if (answer instanceof Answer.SigningKeys signing) {
      return kind(AnswerKind.SIGNING_KEYS).list(signing.keys(), Rs256::pack);
    }
    if (answer instanceof Answer.Signed signed) {
      return kind(AnswerKind.SIGNED).bytes(signed.signature());
    }
    return kind(((Answer.Plain) answer).kind());
  }

  private static Packer kind(AnswerKind kind) {
    return new Packer().u8(kind.number());
  }

  private static Packer assessment(Packer input, Assessment assessment) {
    if (assessment instanceof Assessment.Valid valid) {
      return input
          .u8(AssessmentKind.VALID.number())
          .optional(valid.mobile().orElse(null), Packer::bool);
    }
    return input.u8(withoutNumber(assessment).number());
  }

  private static AssessmentKind withoutNumber(Assessment assessment) {
    if (assessment instanceof Assessment.NotAllowed) {
      return AssessmentKind.NOT_ALLOWED;
    }
    if (assessment instanceof Assessment.Blocked) {
      return AssessmentKind.BLOCKED;
    }
    return assessment instanceof Assessment.Foreign
        ? AssessmentKind.FOREIGN
        : AssessmentKind.INVALID;
  }
}
