// What other programs, papers and habits call the keys of a job; their values stand in Synonyms+Values.swift.
//
// Words stand without case, spaces, '-', '_' and module names ('torch.float64' is 'float64'), as `Suggestion.plain` makes
// them. A test holds that every key and value named here exists and is accepted.

import Datasets

/// Words of other programs and what they mean here.
enum Synonyms {
  /// What words for a key mean.
  struct KeyMeaning {
    /// The keys or sections here; none where there is no such thing.
    var paths: [String]
    /// What should be known of them, or what to do where there are none.
    var remark: String?
  }

  /// The meaning of a word for a key; a section's own words come first.
  static func key(_ word: String, in section: String) -> KeyMeaning? {
    let plain = Suggestion.plain(word)
    return keys["\(section).\(plain)"] ?? keys[plain]
  }

  /// The meaning of a word for a value: the value here with a remark, or that there is no such thing.
  static func value(_ word: String, of path: String, words: [String]) -> ValueMeaning? {
    let plain = Suggestion.plain(word)
    if let own = values[path]?[plain] { return own }
    for word in words where habits(for: word).contains(plain[...]) { return .value(word, remark: nil) }
    return nil
  }

  /// What a word for a value means.
  enum ValueMeaning {
    case value(String, remark: String?)
    /// Something real that there is not here, though its name may look like one that is.
    case absent
  }

  /// What stands for a word that a number's key takes in its place.
  private static func habits(for word: String) -> [Substring] {
    switch word {
    case "none": "none null never no off false disable disabled".split(separator: " ")
    case "never": "never none null no off false disable disabled inf infinity".split(separator: " ")
    case "all": "all full whole everything entire complete".split(separator: " ")
    case "full": "full all whole everything entire fullbatch".split(separator: " ")
    case "auto": "auto automatic default".split(separator: " ")
    case "true": "true yes on y t 1".split(separator: " ")
    case "false": "false no off n f 0".split(separator: " ")
    default: []
    }
  }
}

// MARK: - Keys

extension Synonyms {
  static let keys: [String: KeyMeaning] = {
    var result: [String: KeyMeaning] = [:]
    for (words, paths, remark) in keyTable {
      let meaning = KeyMeaning(paths: paths.split(separator: " ").map(String.init), remark: remark)
      for word in words.split(separator: " ") { result[String(word)] = meaning }
    }
    return result
  }()

  private static let keyTable: [(words: String, paths: String, remark: String?)] =
    trainingKeys + optimizerKeys + modelKeys + dataKeys + measureKeys + foreignKeys

  private static let trainingKeys: [(words: String, paths: String, remark: String?)] = [
    (
      "lr eta stepsize initlr initiallr initiallearningrate baselr peaklr maxlr learnrate", "learning_rate",
      nil
    ),
    (
      "steps step iterations iteration iters iter niter niters numiters maxiter maxiters maxsteps nsteps numsteps totalsteps trainsteps trainingsteps numtrainsteps numupdates updates",
      "stop.steps", nil
    ),
    (
      "epochs epoch numepochs nepochs nepoch maxepochs trainepochs numtrainepochs", "stop.steps",
      "it counts steps; an epoch is examples / batch_size of them, with full batches one"
    ),
    (
      "batch bs bsz minibatch minibatchsize batchsz trainbatchsize perdevicetrainbatchsize", "batch_size", nil
    ),
    (
      "microbatch microbatchsize chunksize gradaccum gradientaccumulation gradientaccumulationsteps accumulategradbatches",
      "block_size", nil
    ),
    ("randomseed rngseed randomstate rng prngseed prngkey manualseed torchseed", "seed", nil),
    (
      "seeds nseeds numseeds trials ntrials repeats nrepeats replicas nruns", "seed",
      "several stand in the grid, as in seed: {range: [0, 4]}"
    ),
    (
      "dtype datatype floattype floatx fp fptype numbertype scalar jaxenablex64 doubleprecision", "precision",
      nil
    ),
    (
      "saveweights savemodel storeweights checkpoint checkpoints checkpointing savecheckpoint savecheckpoints",
      "keep_weights", nil
    ),
    ("lossfn lossfunction losstype lossname criterion objective cost costfunction", "loss", nil),
    ("ranks", "ranks_per_run", nil),
    (
      "initfile initialweights weightsfile pretrained ckpt ckptpath checkpointpath loadfrom warmstart",
      "init.file",
      nil
    ),
    ("targetloss stoploss losstarget stop.loss", "stop.train_loss", nil),
    ("targetaccuracy targetacc stopaccuracy trainacc stop.accuracy stop.acc", "stop.train_accuracy", nil),
    ("maxloss divergencethreshold divergencelimit losscap", "stop.loss_limit", nil),
    (
      "earlystopping earlystop patience", "stop.train_loss stop.train_accuracy",
      "they end a run early"
    ),
    (
      "grid sweeps sweep searchspace space axes gridsearch hyperparameters hparams params parameters", "grid",
      nil
    ),
  ]

  private static let optimizerKeys: [(words: String, paths: String, remark: String?)] = [
    ("optim optimiser opt optimizername optname algorithm algo updaterule", "optimizer", nil),
    ("mu polyak", "optimizer.momentum", nil),
    ("beta", "optimizer.momentum optimizer.beta1", nil),
    ("b1", "optimizer.beta1", nil),
    ("b2 rho optimizer.alpha smoothingconstant squaredecay", "optimizer.beta2", nil),
    ("betas", "optimizer.beta1 optimizer.beta2", "one number each"),
    ("eps epsilonroot adamepsilon adameps optimizer.damping", "optimizer.epsilon", nil),
    ("wd l2 l2reg l2penalty decay optimizer.lambda weightpenalty", "optimizer.weight_decay", nil),
    ("amsgrad nesterov nag", "", "it is an optimizer of its own, as in optimizer: {name: nesterov}"),
    ("initialaccumulatorvalue", "optimizer.initial_accumulator", nil),
    ("debias biascorrect", "optimizer.bias_correction", nil),
    ("clipthreshold", "optimizer.clip", nil),
    ("scaleparameter multiplybyparameterscale", "optimizer.relative_step", nil),
    ("scheduler lrscheduler lrschedule lrschedulertype annealing lrdecay", "schedule", nil),
    ("warmupsteps numwarmupsteps nwarmup warmupiters lrwarmup", "schedule.warmup", nil),
    ("warmupepochs", "schedule.warmup", "it counts steps"),
    ("milestones boundaries schedule.stepsize", "schedule.at", nil),
    ("gamma schedule.factor schedule.drop schedule.scales", "schedule.factors", nil),
    ("etamin minlr lrmin finallr lrend", "schedule.final", "a fraction of learning_rate"),
    (
      "tmax decaysteps schedule.iterations schedule.iters schedule.maxsteps schedule.totalsteps",
      "schedule.steps",
      nil
    ),
    ("relative schedule.relative", "schedule.unit", nil),
  ]

  private static let modelKeys: [(words: String, paths: String, remark: String?)] = [
    ("network net arch architecture modelname networktype backbone", "model", nil),
    (
      "hiddensize hiddensizes hiddendim hiddendims hiddenlayer hiddenlayers hiddenlayersizes hiddenunits hiddenwidth hiddenwidths layersizes layerwidths nhidden numhidden neurons nneurons units dmodel widths layers",
      "model.hidden", "a list of widths, such as [100, 100]"
    ),
    ("width", "model.hidden model.width", nil),
    ("depth nlayers numlayers nlayer", "model.hidden model.depth", nil),
    ("nonlinearity act actfn actfunc activationfn activationfunction activations", "model.activation", nil),
    ("usebias biases", "model.bias", nil),
    ("lastbias finalbias", "model.output_bias", nil),
    ("filters nfilters numfilters nchannels numchannels convchannels outchannels", "model.channels", nil),
    ("kernelsize filtersize ksize", "model.kernel", nil),
    ("pad", "model.padding", nil),
    ("pool pooltype poolingtype", "model.pooling", nil),
    ("gain initgain initscale weightscale", "model.gains", nil),
    (
      "initializer initialiser initialisation initmethod inittype weightinit weightsinit kernelinitializer",
      "model.initialization", nil
    ),
    (
      "dropout dropoutrate batchnorm layernorm normlayer norm residual skipconnections", "",
      "networks have none here; remove it"
    ),
    (
      "inputdim inputsize infeatures outputdim outputsize outfeatures inchannels", "",
      "it follows from the data; remove it"
    ),
  ]

  private static let dataKeys: [(words: String, paths: String, remark: String?)] = [
    ("dataset datasets datasetname ds task problem", "data", nil),
    (
      "datapath datadir dataroot datafolder datafile datasetpath data.dir data.root data.file data.folder data.filename",
      "data.path", nil
    ),
    (
      "ntrain numtrain trainsize nsamples numsamples samples nexamples numexamples ndata datasize datasetsize subsetsize maxexamples trainexamples",
      "data.examples data.points", nil
    ),
    ("npoints numpoints", "data.points", nil),
    ("ntest numtest testsize", "data.test_examples", nil),
    ("nclasses numclasses", "data.classes", nil),
    ("nfeatures numfeatures", "data.features", nil),
    ("data.dim data.d", "data.dimension data.features", nil),
    ("normalize normalise standardise standardization", "data.standardize", nil),
    ("onehot targetencoding labelencoding targettype", "data.targets", nil),
    ("testpath testfile testdata", "data.test", nil),
    ("trainimages", "data.images", nil),
    ("trainlabels", "data.labels", nil),
    ("imageshape inputshape imagesize", "data.image", nil),
    ("balanced", "data.subset", nil),
    ("dataseed", "data.seed", nil),
    ("shuffle droplast", "", "batches are drawn without replacement, epoch by epoch; remove it"),
    ("augment augmentation dataaugmentation transform transforms", "", "data is used as it is; remove it"),
  ]

  private static let measureKeys: [(words: String, paths: String, remark: String?)] = [
    ("measurement measurements metrics eval evaluation logging", "measure", nil),
    (
      "logevery loginterval logfreq logsteps evalevery evalinterval evalfreq evalsteps measureevery sharpnessevery eigevery hessianevery frequency freq interval everynsteps",
      "measure.every", nil
    ),
    ("neigs numeigs neig topk numeigenvalues neigenvalues eigenvalues", "measure.top", nil),
    ("tol eigtol", "measure.tolerance", nil),
    (
      "measure.maxiter measure.maxiters measure.iterations measure.matvecs maxmatvecs",
      "measure.max_products", nil
    ),
    ("hutchinson traceprobes hutchinsonsamples", "measure.trace", nil),
    ("spectraldensity density slq measure.probes", "measure.density_probes", nil),
    ("lanczossteps", "measure.density_steps", nil),
    ("mineig lambdamin smallesteigenvalue", "measure.smallest", nil),
    ("layerwise", "measure.per_layer", nil),
    ("gradientnoisescale gns", "measure.noise_scale", nil),
  ]

  /// What other programs have and this one has not, with what to do.
  private static let foreignKeys: [(words: String, paths: String, remark: String?)] = [
    (
      "device devices gpu gpus ngpus numgpus cuda usecuda usegpu accelerator tpu backend", "",
      "everything is computed on CPUs; remove it"
    ),
    (
      "numworkers nworkers workers threads numthreads nthreads njobs nproc nprocs numprocesses processes worldsize parallel",
      "", "the launcher starts processes, as in 'mpirun -n 8 eos-sweep job.yaml'; remove it"
    ),
    (
      "output outputs outputdir outputpath outdir out savedir savepath logdir resultsdir resultdir results dir directory workdir",
      "", "the directory is named on the command line, by -o; remove it"
    ),
    (
      "project entity wandb tags tensorboard mlflow logger verbose verbosity debug loglevel progress version",
      "",
      "there is nothing of the kind; remove it"
    ),
    ("description comment notes", "", "write it as a comment, behind '#'"),
    ("defaults base extends include inherit hydra", "", "a job is one file, which --set changes; remove it"),
    ("train training trainer", "", "its keys stand at the top, and in stop and measure"),
    ("resume restart overwrite exist", "", "the same command again goes on with what is left; remove it"),
    (
      "amp mixedprecision autocast compile deterministic", "",
      "numbers are single or double, as 'precision' says, and every run is deterministic; remove it"
    ),
    (
      "gradclip clipgrad clipgradnorm maxgradnorm clipnorm clipvalue gradientclipping gradientclipval", "",
      "gradients are not clipped here; remove it"
    ),
    ("dampening centered foreach fused capturable maximize", "", "there is nothing of the kind; remove it"),
    (
      "timelimit walltime maxtime", "",
      "a run ends by stop.steps; 'plan --minutes' says what fits into a time"
    ),
  ]

  /// Keys of several choices of a section that mean the like: where one does not belong, another may.
  static let equivalents: [Set<String>] = [
    ["hidden", "width", "depth"], ["momentum", "beta1"], ["points", "examples"], ["dimension", "features"],
    ["test", "test_images", "test_labels"], ["path", "images"], ["at", "steps"],
  ]
}
