// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.proto.inference.DataType;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.inference.ModelInput;
import dev.sluice.proto.inference.ModelOutput;
import dev.sluice.proto.inference.ModelWarmup;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Refuses configurations that Sluice would serve otherwise than they ask for. */
final class TritonChecks {
  private static final int MAX_LABELS_BYTES = 1 << 20;

  private TritonChecks() {}

  static void check(ModelFolder folder, ModelConfig config) throws RefusedException {
    if (!config.getName().isEmpty() && !config.getName().equals(folder.name())) {
      throw refused(
          "name \""
              + ModelNames.printable(config.getName())
              + "\" must equal the folder's name, \""
              + folder.name()
              + "\"");
    }
    unsupported(config);
    if (config.getMaxBatchSize() < 0) {
      throw refused("max_batch_size must be 0 (no batching) or more");
    }
    preferredSizes(config);
    TritonQueues.check(config.getDynamicBatching());
    inputs(config);
    outputs(folder, config);
    warmup(folder, config);
  }

  private static void unsupported(ModelConfig config) throws RefusedException {
    if (config.hasSequenceBatching()) {
      throw refused("sequence_batching is not supported: requests are served without state");
    }
    if (config.hasEnsembleScheduling()) {
      throw refused(
          "ensemble_scheduling is not supported; let the client call its models one after the"
              + " other");
    }
    if (config.getModelTransactionPolicy().getDecoupled()) {
      throw refused("decoupled models are not supported: a request has exactly one response");
    }
    if (config.getBatchInputCount() > 0
        || config.getBatchOutputCount() > 0
        || config.getInputList().stream().anyMatch(ModelInput::getAllowRaggedBatch)) {
      throw refused("ragged batching (allow_ragged_batch, batch_input) is not supported");
    }
    if (config.getModelOperations().getOpLibraryFilenameCount() > 0) {
      throw refused("model_operations: libraries of custom operators are not loaded");
    }
    if (config.hasModelRepositoryAgents()) {
      throw refused("model_repository_agents are not supported");
    }
  }

  private static void preferredSizes(ModelConfig config) throws RefusedException {
    for (int size : config.getDynamicBatching().getPreferredBatchSizeList()) {
      if (size < 1 || size > config.getMaxBatchSize()) {
        throw refused(
            "preferred_batch_size "
                + size
                + " must be from 1 to max_batch_size, which is "
                + config.getMaxBatchSize());
      }
    }
  }

  private static void inputs(ModelConfig config) throws RefusedException {
    Set<String> names = new HashSet<>();
    for (ModelInput input : config.getInputList()) {
      tensor("input", input.getName(), input.getDataType(), input.getDimsList(), names);
      if (input.getIsShapeTensor()) {
        throw refused("input '" + printable(input.getName()) + "': shape tensors are TensorRT's");
      }
    }
  }

  private static void outputs(ModelFolder folder, ModelConfig config) throws RefusedException {
    Set<String> names = new HashSet<>();
    for (ModelOutput output : config.getOutputList()) {
      tensor("output", output.getName(), output.getDataType(), output.getDimsList(), names);
      if (!output.getLabelFilename().isEmpty()) {
        try {
          folder.text(output.getLabelFilename(), MAX_LABELS_BYTES);
        } catch (RefusedException e) {
          throw refused("label_filename: " + e.getMessage());
        }
      }
    }
  }

  private static void tensor(
      String kind, String name, DataType type, List<Long> dims, Set<String> names)
      throws RefusedException {
    String shown = kind + " '" + printable(name) + "'";
    if (name.isEmpty()) {
      throw refused("every " + kind + " needs a name");
    }
    if (!names.add(name)) {
      throw refused(shown + " is there twice");
    }
    if (type == DataType.TYPE_INVALID) {
      throw refused(shown + " needs a data_type, for example TYPE_FP32");
    }
    if (dims.isEmpty()) {
      throw refused(shown + " needs dims, for example dims: [ -1 ]");
    }
    for (long size : dims) {
      if (size == 0 || size < -1) {
        throw refused(shown + ": each of dims must be at least 1, or -1 for any, not " + size);
      }
    }
  }

  private static void warmup(ModelFolder folder, ModelConfig config) throws RefusedException {
    for (ModelWarmup warmup : config.getModelWarmupList()) {
      for (ModelWarmup.Input input : warmup.getInputsMap().values()) {
        if (input.hasInputDataFile()) {
          try {
            folder.file("warmup/" + input.getInputDataFile());
          } catch (RefusedException e) {
            throw refused("input_data_file: " + e.getMessage());
          }
        }
      }
    }
  }

  private static String printable(String name) {
    return ModelNames.printable(name);
  }

  private static RefusedException refused(String why) {
    return new RefusedException("config.pbtxt: " + why);
  }
}
