using System.Runtime.InteropServices;

namespace Cairn.ModelBuilder;

/// <summary>
/// Rewrites an ONNX model's weights from 32-bit floats to 8-bit whole numbers: each matrix that a MatMul multiplies by, one
/// scale a column, and the table that a Gather looks words up in, one scale for all of it. The inputs stay floats, which
/// ONNX Runtime rounds as it goes (DynamicQuantizeMatMul). A quarter of the size, twice the speed. Pure.
/// </summary>
internal sealed class OnnxQuantizer
{
    // Field numbers of the public ONNX schema.
    private const int ModelGraph = 7, ModelOpsets = 8, GraphNodes = 1, GraphInitializers = 5, GraphInputs = 11;
    private const int NodeInputs = 1, NodeOutputs = 2, NodeName = 3, NodeOperator = 4, NodeDomain = 7;
    private const int TensorDims = 1, TensorType = 2, TensorFloats = 4, TensorName = 8, TensorBytes = 9, InputName = 1;
    private const int OpsetDomain = 1, OpsetVersion = 2;
    private const int Float = 1, Int8 = 3;

    private const string ContribDomain = "com.microsoft";
    private const int LeastWords = 1_000;
    private const float Largest = 127;

    private readonly Dictionary<string, WireMessage> _tensors = new(StringComparer.Ordinal);
    private readonly List<WireMessage> _made = [];
    private readonly HashSet<string> _replaced = new(StringComparer.Ordinal);

    private OnnxQuantizer(WireMessage graph)
    {
        foreach (var tensor in graph.All(GraphInitializers).Select(static field => WireMessage.Read(field.Bytes))) _tensors.Add(tensor.Text(TensorName), tensor);
    }

    /// <summary>The model with its weights rewritten.</summary>
    public static byte[] Quantize(ReadOnlyMemory<byte> model)
    {
        var source = WireMessage.Read(model);
        var result = new WireMessage();
        foreach (var field in source.Fields)
        {
            if (field.Number == ModelGraph) result.Add(ModelGraph, Graph(WireMessage.Read(field.Bytes)));
            else result.Fields.Add(field);
        }
        if (source.All(ModelOpsets).All(static field => WireMessage.Read(field.Bytes).Text(OpsetDomain) != ContribDomain))
            result.Add(ModelOpsets, new WireMessage().Add(OpsetDomain, ContribDomain).Add(OpsetVersion, 1));
        return result.Write();
    }

    private static WireMessage Graph(WireMessage graph)
    {
        var quantizer = new OnnxQuantizer(graph);
        var result = new WireMessage();
        foreach (var field in graph.Fields)
        {
            if (field.Number != GraphNodes) continue;
            foreach (var node in quantizer.Node(WireMessage.Read(field.Bytes))) result.Add(GraphNodes, node);
        }
        // A weight that something else uses as well would still be asked for by its name.
        var used = result.All(GraphNodes).SelectMany(static field => WireMessage.Read(field.Bytes).All(NodeInputs)).Select(static input => input.Text).ToHashSet(StringComparer.Ordinal);
        quantizer._replaced.ExceptWith(used);
        foreach (var field in graph.Fields)
        {
            var dropped = field.Number switch
            {
                GraphNodes => true,
                GraphInitializers => quantizer._replaced.Contains(WireMessage.Read(field.Bytes).Text(TensorName)),
                GraphInputs => quantizer._replaced.Contains(WireMessage.Read(field.Bytes).Text(InputName)),
                _ => false,
            };
            if (!dropped) result.Fields.Add(field);
        }
        foreach (var tensor in quantizer._made) result.Add(GraphInitializers, tensor);
        return result;
    }

    private IEnumerable<WireMessage> Node(WireMessage node)
    {
        var inputs = node.All(NodeInputs).Select(static input => input.Text).ToList();
        var output = node.Text(NodeOutputs);
        switch (node.Text(NodeOperator))
        {
            case "MatMul" when _tensors.TryGetValue(inputs[1], out var matrix) && IsMatrix(matrix, 1):
                Columns(inputs[1], matrix);
                return [Node($"{node.Text(NodeName)}_int8", "DynamicQuantizeMatMul", ContribDomain, [inputs[0], $"{inputs[1]}_int8", $"{inputs[1]}_scale", $"{inputs[1]}_zero"], output)];
            case "Gather" when _tensors.TryGetValue(inputs[0], out var table) && IsMatrix(table, LeastWords):
                Table(inputs[0], table);
                var looked = new WireMessage();
                foreach (var field in node.Fields)
                {
                    if (field.Number == NodeInputs && field.Text == inputs[0]) looked.Add(NodeInputs, $"{inputs[0]}_int8");
                    else if (field.Number == NodeOutputs) looked.Add(NodeOutputs, $"{output}_int8");
                    else looked.Fields.Add(field);
                }
                return [looked, Node($"{node.Text(NodeName)}_float", "DequantizeLinear", "", [$"{output}_int8", $"{inputs[0]}_scale"], output)];
            default:
                return [node];
        }
    }

    private static WireMessage Node(string name, string operation, string domain, string[] inputs, string output)
    {
        var node = new WireMessage();
        foreach (var input in inputs) node.Add(NodeInputs, input);
        node.Add(NodeOutputs, output).Add(NodeName, name).Add(NodeOperator, operation);
        return domain.Length > 0 ? node.Add(NodeDomain, domain) : node;
    }

    private static bool IsMatrix(WireMessage tensor, int leastRows) =>
        tensor.Numbers(TensorType) is [Float] && tensor.Numbers(TensorDims) is [var rows, _] && rows >= leastRows;

    private void Columns(string name, WireMessage tensor)
    {
        if (!_replaced.Add(name)) return;
        var (values, dims) = (Values(tensor), tensor.Numbers(TensorDims));
        var columns = (int)dims[1];
        var scales = new float[columns];
        for (var i = 0; i < values.Length; i++) scales[i % columns] = Math.Max(scales[i % columns], Math.Abs(values[i]) / Largest);
        var rounded = new sbyte[values.Length];
        for (var i = 0; i < values.Length; i++) rounded[i] = Round(values[i], scales[i % columns]);
        _made.Add(Tensor($"{name}_int8", Int8, dims, MemoryMarshal.AsBytes<sbyte>(rounded)));
        _made.Add(Tensor($"{name}_scale", Float, [columns], MemoryMarshal.AsBytes<float>(scales)));
        _made.Add(Tensor($"{name}_zero", Int8, [columns], new byte[columns]));
    }

    private void Table(string name, WireMessage tensor)
    {
        if (!_replaced.Add(name)) return;
        var values = Values(tensor);
        float[] scale = [values.Max(Math.Abs) / Largest];
        var rounded = Array.ConvertAll(values, value => Round(value, scale[0]));
        _made.Add(Tensor($"{name}_int8", Int8, tensor.Numbers(TensorDims), MemoryMarshal.AsBytes<sbyte>(rounded)));
        _made.Add(Tensor($"{name}_scale", Float, [], MemoryMarshal.AsBytes<float>(scale)));
    }

    private static sbyte Round(float value, float scale) =>
        scale == 0 ? (sbyte)0 : (sbyte)Math.Clamp(MathF.Round(value / scale, MidpointRounding.ToEven), -Largest, Largest);

    // A tensor's floats, which stand as raw little-endian bytes or as a packed field of their own.
    private static float[] Values(WireMessage tensor) =>
        MemoryMarshal.Cast<byte, float>((tensor.All(TensorBytes).FirstOrDefault() ?? tensor.All(TensorFloats).Single()).Bytes.Span).ToArray();

    private static WireMessage Tensor(string name, int type, List<long> dims, ReadOnlySpan<byte> bytes)
    {
        var tensor = new WireMessage();
        foreach (var dim in dims) tensor.Add(TensorDims, dim);
        return tensor.Add(TensorType, type).Add(TensorName, name).Add(TensorBytes, bytes.ToArray());
    }
}
