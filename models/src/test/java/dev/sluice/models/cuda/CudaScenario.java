// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

/** What the engine is put through, and what the emulated driver does to it meanwhile. */
enum CudaScenario {
  CRITERIA_FIND_IT("capability=80", EngineScenarios::criteriaFindIt),
  TOKENS_ARE_WHAT_THE_FILE_GIVES("capability=80", EngineScenarios::tokensAreWhatTheFileGives),
  PADDING_CHANGES_NOTHING("capability=80", EngineScenarios::paddingChangesNothing),
  INT8_IS_AN_OPTION("capability=80", EngineScenarios::int8IsAnOption),
  WRONG_INPUTS_ARE_REFUSED("capability=80", EngineScenarios::wrongInputsAreRefused),
  WRONG_OPTIONS_ARE_REFUSED("capability=80", EngineScenarios::wrongOptionsAreRefused),
  WRONG_KERNELS_ARE_NOT_SERVED("capability=80", EngineScenarios::wrongWeightsAreNotServed),
  CROSS_ENCODERS_RANK_ALIKE("capability=80", EndingScenarios::crossEncodersRankAlike),
  CLASSIFIERS_GIVE_THEIR_LABELS("capability=80", EndingScenarios::classifiersGiveTheirLabels),
  PAIRS_ARE_TOLD_APART("capability=80", EndingScenarios::pairsAreToldApart),
  FILES_POOL_BY_THEMSELVES("capability=80", EndingScenarios::filesPoolByThemselves),
  A_SECOND_OUTPUT_DOES_NOT_MATTER("capability=80", EndingScenarios::aSecondOutputDoesNotMatter),
  WHAT_CANNOT_BE_GIVEN_IS_REFUSED("capability=80", EndingScenarios::whatCannotBeGivenIsRefused),
  WRONG_LABELS_ARE_NOT_SERVED("capability=80", EndingScenarios::wrongLabelsAreNotServed),
  HOPPERS_PRODUCTS_ARE_CHECKED_AND_USED("capability=90", EngineScenarios::criteriaFindIt),
  ANOTHER_BLOCK_GOES_TO_THE_NEXT_ENGINE("capability=80", SelectionScenarios::anotherBlock),
  TOO_LITTLE_MEMORY_GOES_TO_THE_NEXT_ENGINE(
      "capability=80 memory=100000", SelectionScenarios::tooLittleMemory),
  AN_ENCODER_IS_SERVED("capability=80", SelectionScenarios::anEncoderIsServed),
  A_CROSS_ENCODER_IS_SERVED("capability=80", LabelScenarios::aCrossEncoderIsServed),
  TENSORS_ARE_WHAT_THE_FILE_SAYS("capability=80", LabelScenarios::tensorsAreWhatTheFileSays),
  A_WARM_UP_HAS_A_MASK("capability=80", LabelScenarios::aWarmUpHasAMask),
  A_FILE_THAT_POOLS_IS_SERVED("capability=80", SelectionScenarios::aFileThatPoolsIsServed),
  THE_CPU_IS_A_CHOICE("capability=80", SelectionScenarios::theCpuIsAChoice),
  INT8_IS_MEASURED_AND_SERVED("capability=80", VariantScenarios::int8IsMeasuredAndServed),
  MEASURING_IS_BROKEN_OFF("capability=80", VariantScenarios::measuringIsBrokenOff),
  INT8_WITHOUT_ROOM_IS_REFUSED(
      "capability=80 memory=40000000", VariantScenarios::int8WithoutRoomIsRefused),
  VARIANTS_ON_THE_CPU_ARE_LEFT_TO_OTHERS(
      "capability=80", VariantScenarios::whatDoesNotRunOnCardsIsLeftToOthers),
  INT8_GOES_TO_NO_OTHER_ENGINE("capability=80", VariantScenarios::int8GoesToNoOtherEngine),
  A_FAULT_ENDS_EVERY_RUN("capability=80 fault=200:719", SelectionScenarios::aFaultEndsEveryRun);

  interface Steps {
    void run() throws Exception;
  }

  private final String faults;

  @SuppressWarnings("ImmutableEnumChecker") // methods without state
  private final Steps steps;

  CudaScenario(String faults, Steps steps) {
    this.faults = faults;
    this.steps = steps;
  }

  String faults() {
    return faults;
  }

  /** In a process of its own; what fails ends it with 1 and is on standard output. */
  @SuppressWarnings("SystemExitOutsideMain") // this is main
  public static void main(String[] arguments) {
    try {
      valueOf(arguments[0]).steps.run();
    } catch (Throwable e) {
      e.printStackTrace(System.out);
      System.exit(1);
    }
  }
}
