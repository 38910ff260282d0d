namespace Cairn.Engine.Tests.Embeddings;

/// <summary>The sentence model that eng/model makes; eng/test sees to it.</summary>
internal static class ModelFiles
{
    /// <summary>Its folder.</summary>
    public static string Folder { get; } = Find();

    private static string Find()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Cairn.slnx")))
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        var folder = Path.Combine(root, "artifacts", "model");
        return File.Exists(Path.Combine(folder, "model.onnx")) ? folder : throw new FileNotFoundException("There is no sentence model to test with: run eng/model.", folder);
    }
}
