// What other programs, papers and habits call the values of a job.

extension Synonyms {
  static let values: [String: [String: ValueMeaning]] = {
    var result: [String: [String: ValueMeaning]] = [:]
    for (path, words, value, remark) in valueTable {
      for word in words.split(separator: " ") {
        result[path, default: [:]][String(word)] = value.map { .value($0, remark: remark) } ?? .absent
      }
    }
    return result
  }()

  private static let valueTable: [(path: String, words: String, value: String?, remark: String?)] = [
    ("precision", "float64 f64 fp64 f8 doubleprecision real64 64 64bit x64", "double", nil),
    ("precision", "float32 f32 fp32 f4 single singleprecision real32 32 32bit", "float", nil),
    (
      "precision",
      "half float16 f16 fp16 16 bfloat16 bf16 mixed tf32 fp8 float8 float128 longdouble quad auto", nil, nil
    ),
    (
      "loss",
      "ce xent crossent crossentropyloss nll nllloss softmax softmaxcrossentropy logloss categoricalcrossentropy sparsecategoricalcrossentropy",
      "cross-entropy", nil
    ),
    (
      "loss", "bce bceloss bcewithlogits bcewithlogitsloss binarycrossentropy logistic logisticloss",
      "cross-entropy",
      "with 'targets: signed' in data it is the logistic loss"
    ),
    (
      "loss",
      "meansquarederror meansquareerror mseloss l2 l2loss squared squarederror squaredloss squareloss square quadratic leastsquares sse",
      "mse", nil
    ),
    (
      "loss",
      "mae l1 l1loss meanabsoluteerror huber huberloss smoothl1 hinge kl kldiv focal poisson rmse exponential",
      nil, nil
    ),
    (
      "optimizer.name", "sgd gradientdescent vanilla plain fullbatchgd", "gd",
      "with batch_size for minibatches, and heavy-ball for momentum"
    ),
    (
      "optimizer.name",
      "momentum sgdm sgdmomentum sgdwithmomentum momentumsgd msgd hb polyak polyakmomentum gdm", "heavy-ball",
      nil
    ),
    (
      "optimizer.name",
      "nag nesterovmomentum sgdnesterov nesterovsgd acceleratedgradient nesterovacceleratedgradient",
      "nesterov", nil
    ),
    ("optimizer.name", "ema emamomentum emasgd dampedmomentum", "ema-heavy-ball", nil),
    ("optimizer.name", "quasihyperbolic quasihyperbolicmomentum qhmomentum", "qhm", nil),
    ("optimizer.name", "rms rmspropnomomentum tfrmsprop", "rmsprop", nil),
    ("optimizer.name", "rmspropscalar normalizedgd adagradnorm scalarrms", "scalar-rmsprop", nil),
    ("optimizer.name", "scalebyadam adamoptimizer torchadam", "adam", nil),
    ("optimizer.name", "adamdecoupled adamwd decoupledadam", "adamw", nil),
    ("optimizer.name", "adamamsgrad ams", "amsgrad", nil),
    ("optimizer.name", "nesterovadam adamnesterov", "nadam", nil),
    (
      "optimizer.name",
      "adamax nadamw radam lamb lars lion adabound amsbound adabelief yogi shampoo soap muon sophia sam asam rprop lbfgs bfgs newton cg asgd sparseadam ftrl novograd adan prodigy dadaptation adamp madgrad signsgd signum sgdw adahessian kfac came apollo adam8bit adamini adammini fromage sm3",
      nil, nil
    ),
    (
      "model.name",
      "fc fcn fcnet fullyconnected dense feedforward fnn ffn ffnn dnn nn multilayerperceptron perceptron",
      "mlp", nil
    ),
    ("model.name", "linear linearregression logisticregression", "mlp", "with 'hidden: []'"),
    ("model.name", "conv convnet convolutional convnn convolutionalnetwork", "cnn", nil),
    ("model.name", "dln dlnn deeplinearnetwork linearnetwork linearnet deeplinearnet", "deep-linear", nil),
    (
      "model.name",
      "resnet resnet18 resnet50 vgg vgg11 vgg16 transformer vit gpt lstm rnn gru lenet lenet5 alexnet unet",
      nil, nil
    ),
    (
      "data.name", "mnist fashionmnist fmnist kmnist emnist qmnist", "idx",
      "with the folder of its files as path"
    ),
    ("data.name", "cifar10binary cifarten", "cifar10", nil),
    ("data.name", "h5 h5py hdf hdf5file custom own file npz npy csv numpy", "hdf5", nil),
    (
      "data.name", "gaussian gaussians mixture gmm blobs synthetic clusters gaussianclusters gaussianblobs",
      "gaussian-mixture", nil
    ),
    ("data.name", "chebychev tchebychev cheb chebyshevpolynomial", "chebyshev", nil),
    ("data.name", "deeplinearnetwork whitened", "deep-linear", nil),
    ("data.name", "cifar cifar100 svhn imagenet tinyimagenet stl10 celeba wikitext", nil, nil),
    ("schedule.name", "const fixed none flat no off false", "constant", nil),
    (
      "schedule.name", "warmup linearwarmup constantwithwarmup", "constant",
      "with 'warmup', the number of steps"
    ),
    (
      "schedule.name", "step steplr steps multistep multisteplr piecewiseconstant stepdecay drop drops",
      "piecewise", nil
    ),
    (
      "schedule.name",
      "cos cosineannealing cosineannealinglr cosinedecay cosineschedule cosinelr warmupcosine", "cosine", nil
    ),
    (
      "schedule.name",
      "linear linearlr exponential exponentiallr exp poly polynomial onecycle onecyclelr plateau reducelronplateau inversesqrt rsqrt wsd cyclic cycliclr warmrestarts cosineannealingwarmrestarts sgdr",
      nil, nil
    ),
    ("schedule.unit", "relative sharpness threshold eos edge", "critical", nil),
    ("schedule.unit", "abs raw plain", "absolute", nil),
    ("model.activation", "logistic sigm", "sigmoid", nil),
    ("model.activation", "linear none id null no", "identity", nil),
    ("model.activation", "htanh", "hardtanh", nil),
    ("model.activation", "hyperbolictangent tangenshyperbolicus", "tanh", nil),
    ("model.activation", "rectifier rectifiedlinear", "relu", nil),
    (
      "model.activation",
      "silu swish selu celu prelu rrelu leakyrelu relu6 mish softsign hardswish hardsigmoid hardshrink tanhshrink logsigmoid glu swiglu geglu sin sine erf exp square quadratic softmax quickgelu",
      nil, nil
    ),
    (
      "model.initialization", "pytorch pytorchdefault torch torchdefault default faninuniform",
      "uniform-fan-in", nil
    ),
    ("model.initialization", "xavier glorotnormal", "xavier-normal", nil),
    (
      "model.initialization",
      "glorot glorotuniform xavieruniform kaiming kaimingnormal kaiminguniform he henormal heuniform lecun lecunnormal lecununiform orthogonal zeros zero ones normal gaussian uniform truncatednormal ntk mup uniformfanout normalfanin",
      nil, nil
    ),
    ("model.pooling", "avg avgpool avgpool2d averagepool averagepooling mean", "average", nil),
    ("model.pooling", "maxpool maxpool2d maxpooling maximum", "max", nil),
    ("model.pooling", "no off false null identity", "none", nil),
    ("model.output_bias", "inherit default", "same", nil),
    ("model.output_bias", "yes on", "true", nil),
    ("model.output_bias", "no off none null", "false", nil),
    ("data.standardize", "perpixel pixelwise featurewise feature yes on true", "pixel", nil),
    ("data.standardize", "perchannel channelwise channels", "channel", nil),
    ("data.standardize", "no off false null never", "none", nil),
    ("data.subset", "balanced stratified classbalanced", "per-class", nil),
    ("data.subset", "head start", "first", nil),
    ("data.targets", "classes categorical indices integer integers", "one-hot", nil),
    ("data.targets", "sign signs plusminus plusminusone pm1 binary", "signed", nil),
    ("measure.at", "iterates current weights", "iterate", nil),
    ("measure.at", "mid midpoints", "midpoint", nil),
    ("keep_weights", "last end yes on true", "final", nil),
    ("keep_weights", "no off false never null", "none", nil),
    ("keep_weights", "all best every", nil, nil),
  ]
}
